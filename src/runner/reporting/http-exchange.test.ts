import { describe, expect, test } from "vitest";
import type { Timers } from "../timers.ts";
import { exchange, ServerUnavailable, type Answer } from "./http-exchange.ts";

/** Time that passes only while somebody waits. */
function createTimers(): Timers & { readonly waits: number[] } {
  let now = 0;
  const waits: number[] = [];
  return {
    waits,
    now: () => new Date(now),
    sleep: async (ms, signal) => {
      signal?.throwIfAborted();
      waits.push(ms);
      now += ms;
    },
  };
}

function script(...answers: readonly (number | Error)[]): {
  send: () => Promise<Answer>;
  sent: () => number;
} {
  let sent = 0;
  return {
    sent: () => sent,
    send: async () => {
      const answer = answers[Math.min(sent, answers.length - 1)];
      sent += 1;
      if (answer instanceof Error) throw answer;
      return { status: answer ?? 0, body: Buffer.from("x") };
    },
  };
}

const PATIENCE = { totalMs: 60_000, eachMs: 1_000 };

describe("an exchange with the server", () => {
  test("is tried again, at growing distances, until there is an answer", async () => {
    const timers = createTimers();
    const server = script(new Error("down"), 503, 502, 429, 200);
    const answer = await exchange("the report", server.send, { patience: PATIENCE, timers });
    expect(answer.status).toBe(200);
    expect(timers.waits).toEqual([250, 500, 1_000, 2_000]);
  });

  test.each([400, 401, 404, 409, 422])("takes %i as the answer that it is", async (status) => {
    const server = script(status);
    const answer = await exchange("the report", server.send, { patience: PATIENCE, timers: createTimers() });
    expect(answer.status).toBe(status);
    expect(server.sent()).toBe(1);
  });

  test("is given up in one sentence that names what was not taken and why", async () => {
    const timers = createTimers();
    const down = new TypeError("fetch failed", {
      cause: Object.assign(new Error("x"), { code: "ECONNREFUSED" }),
    });
    const giving = exchange("the report", script(down).send, { patience: PATIENCE, timers });
    await expect(giving).rejects.toThrow(ServerUnavailable);
    await expect(giving).rejects.toThrow("The server did not take the report: ECONNREFUSED.");
    expect(timers.now().getTime()).toBeLessThanOrEqual(60_000);
    expect(Math.max(...timers.waits)).toBe(10_000);
  });

  test("without patience is tried once", async () => {
    const server = script(503);
    const patience = { totalMs: 0, eachMs: 1_000 };
    await expect(exchange("it", server.send, { patience, timers: createTimers() })).rejects.toThrow(
      "it answers 503",
    );
    expect(server.sent()).toBe(1);
  });
});
