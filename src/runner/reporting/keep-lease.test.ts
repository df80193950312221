import { describe, expect, test } from "vitest";
import { err, ok } from "../../base/result.ts";
import type { HeartbeatRequest, HeartbeatResponse } from "../../contract/attempt-api.ts";
import type { AttemptClient } from "./attempt-client.ts";
import { ServerUnavailable } from "./http-exchange.ts";
import { keepLease } from "./keep-lease.ts";
import { createRedactor } from "./redact.ts";
import { createSessionLog, type SessionLog } from "./session-log.ts";

type Answer = HeartbeatResponse | "away" | { readonly refusal: string };

const CONTINUE: HeartbeatResponse = { directive: "continue", why: null };

/** A lease whose heartbeats are answered from a list, each when the test lets it happen. */
function createScene(answers: readonly Answer[]) {
  const requests: HeartbeatRequest[] = [];
  const cancelled: string[] = [];
  let tick: (() => void) | null = null;
  const log: SessionLog = createSessionLog({
    timers: { now: () => new Date(0), sleep: async () => undefined },
    redactor: createRedactor(),
    onLine: () => undefined,
  });
  const heartbeat: AttemptClient["heartbeat"] = async (_token, request) => {
    const answer = answers[requests.length] ?? CONTINUE;
    requests.push(request);
    if (answer === "away") throw new ServerUnavailable("the heartbeat", new Error("ECONNREFUSED"));
    if ("refusal" in answer) return err({ status: 409, code: "lease-over", message: answer.refusal });
    return ok(answer);
  };
  const keeper = keepLease({
    client: { heartbeat },
    token: "t",
    log,
    intervalMs: 1_000,
    timers: {
      now: () => new Date(0),
      sleep: (_ms, signal) =>
        new Promise((resolve, reject) => {
          const end = (): void => {
            reject(new Error("aborted"));
          };
          if (signal?.aborted === true) end();
          signal?.addEventListener("abort", end);
          tick = resolve;
        }),
    },
    onCancel: (why) => cancelled.push(why),
  });
  return {
    log,
    keeper,
    cancelled,
    requests,
    /** Lets the next interval pass and waits for its heartbeat. */
    async beat() {
      await expect.poll(() => tick !== null).toBe(true);
      const before = requests.length;
      const pass = tick;
      tick = null;
      pass?.();
      await expect.poll(() => requests.length).toBe(before + 1);
    },
    sequences: () => requests.map(({ events }) => events.map(({ sequence }) => sequence)),
  };
}

function say(log: SessionLog, text: string): void {
  log.emit({ type: "notice", level: "info", text });
}

describe("keeping a lease", () => {
  test("sends each event once, with the heartbeat after it", async () => {
    const scene = createScene([]);
    say(scene.log, "one");
    await scene.beat();
    say(scene.log, "two");
    say(scene.log, "three");
    await scene.beat();
    await scene.keeper.finish();
    expect(scene.sequences().flat()).toEqual([1, 2, 3]);
  });

  test("keeps the events of a heartbeat that did not get through", async () => {
    const scene = createScene([CONTINUE, "away", "away", CONTINUE]);
    say(scene.log, "one");
    await scene.beat();
    await scene.beat();
    await scene.beat();
    expect(scene.sequences().slice(1, 4)).toEqual([[1], [1], [1, 2]]);
    expect(scene.cancelled).toEqual([]);
    await scene.keeper.finish();
  });

  test("sends what is left when the session ends", async () => {
    const scene = createScene([]);
    await expect.poll(() => scene.requests.length).toBe(1);
    say(scene.log, "last");
    await scene.keeper.finish();
    expect(scene.sequences().flat()).toEqual([1]);
  });

  test("gives the end up after a few tries while the server is away", async () => {
    const scene = createScene(Array.from({ length: 20 }, () => "away" as const));
    say(scene.log, "last");
    await scene.keeper.finish();
    expect(scene.requests.length).toBeLessThan(10);
  });

  test("passes the server's wish to stop on, once", async () => {
    const stop = { directive: "cancel", why: "The task was cancelled." } as const;
    const scene = createScene([CONTINUE, stop, stop]);
    await expect.poll(() => scene.requests.length).toBe(1);
    await scene.beat();
    await scene.beat();
    await scene.keeper.finish();
    expect(scene.cancelled).toEqual(["The task was cancelled."]);
  });

  test("stops when the server does not know the lease any more", async () => {
    const scene = createScene([{ refusal: "The lease ran out." }]);
    await scene.keeper.finish();
    expect(scene.cancelled).toEqual(["The lease ran out."]);
  });
});
