import { describe, expect, test } from "vitest";
import type { SessionEvent } from "../../contract/session-event.ts";
import { Usage } from "../../contract/usage.ts";
import { endOfResult } from "../harness/session-end.ts";
import { finishSession } from "../session/finish-session.ts";
import { createRedactor } from "./redact.ts";
import { createSessionLog, type SessionLog } from "./session-log.ts";

function createLog(lines: string[] = []): SessionLog {
  const redactor = createRedactor();
  redactor.add("secret-token");
  return createSessionLog({
    timers: { now: () => new Date("2026-01-02T03:04:05Z"), sleep: async () => undefined },
    redactor,
    onLine: (line) => lines.push(line),
  });
}

function say(log: SessionLog, text: string): void {
  log.emit({ type: "notice", level: "info", text });
}

const CALL: Extract<SessionEvent, { type: "tool_call" }> = {
  type: "tool_call",
  id: "1",
  name: "shell",
  kind: "execute",
  title: "npm test",
  input: { command: "npm test" },
  locations: [],
};

const FINISHED = finishSession(
  { kind: "result", result: { summary: "Done." }, ...endOfResult({ summary: "Done." }), exitCode: 0 },
  { model: null, stopped: null, durationMs: 1 },
);

describe("the session's log", () => {
  test("numbers and dates events, and shows them as lines", () => {
    const lines: string[] = [];
    const log = createLog(lines);
    log.emit(CALL);
    log.emit({ type: "tool_result", id: "1", status: "failed", output: "a\nb", exitCode: 1, diff: null });
    expect(log.pending()).toMatchObject([
      { sequence: 1, at: "2026-01-02T03:04:05.000Z" },
      { sequence: 2, event: { output: "a\nb" } },
    ]);
    expect(lines).toEqual(["> npm test", "a", "b"]);
    expect(log.tail()).toBe("> npm test\na\nb");
  });

  test("masks credentials, in Base64 too", () => {
    const log = createLog();
    say(log, `secret-token ${Buffer.from("secret-token").toString("base64")}`);
    expect(log.pending()[0]?.event).toMatchObject({ text: "*** ***" });
    expect(log.tail()).toBe("*** ***");
  });

  test("masks and cuts what a tool was given, however it is made up", () => {
    const log = createLog();
    log.emit({ ...CALL, input: { env: [{ token: "secret-token" }] } });
    log.emit({ ...CALL, input: Array.from({ length: 10_000 }, () => "x") });
    const [masked, cut] = log.pending().map(({ event }) => event);
    expect(masked).toMatchObject({ input: { env: [{ token: "***" }] } });
    expect(JSON.stringify(cut).length).toBeLessThan(20_000);
  });

  test("shows in the run's log how long a model is waited for, and what was used", () => {
    const lines: string[] = [];
    const log = createLog(lines);
    log.emit({ type: "retry", attempt: 2, max: 5, delayMs: 1_500, httpStatus: 429 });
    const usageTotal = Usage.parse({ model: "example-model-1", inputTokens: 12, outputTokens: 3 });
    log.emit({ ...FINISHED, usageTotal });
    log.emit({ type: "raw", line: "{}" });
    expect(lines).toEqual([
      "The model is asked again in 2 s after HTTP 429: try 2 of 5.",
      "example-model-1 used 12 tokens in and 3 out.",
    ]);
  });

  test("cuts a text that is too long and says by how much", () => {
    const log = createLog();
    say(log, "x".repeat(8_010));
    expect(log.pending()[0]?.event).toMatchObject({ text: `${"x".repeat(8_000)}… (10 more characters)` });
  });

  test("hands out what one heartbeat takes, and the rest after it was acknowledged", () => {
    const log = createLog();
    for (let index = 0; index < 1_200; index++) say(log, "x");
    expect(log.pending()).toHaveLength(1_000);
    log.acknowledge(1_000);
    expect(log.pending().map(({ sequence }) => sequence)[0]).toBe(1_001);
    expect(log.pending()).toHaveLength(200);
  });

  test("counts characters too, so that a heartbeat stays small", () => {
    const log = createLog();
    for (let index = 0; index < 100; index++) say(log, "x".repeat(8_000));
    expect(JSON.stringify(log.pending()).length).toBeLessThan(300_000);
    expect(log.pending().length).toBeGreaterThan(1);
  });

  test("stops recording a session without end, says so, and still tells how it ended", () => {
    const log = createLog();
    for (let index = 0; index < 20_100; index++) say(log, "x");
    log.emit(FINISHED);
    for (let taken = log.pending(); taken.length === 1_000; taken = log.pending()) {
      log.acknowledge(taken.at(-1)?.sequence ?? 0);
    }
    expect(log.pending()).toMatchObject([{ sequence: 20_001, event: { type: "run.finished" } }]);
  });

  test("keeps only the end as its tail", () => {
    const log = createLog();
    for (let index = 0; index < 5_000; index++) say(log, `line ${index}`);
    expect(log.tail().length).toBeLessThanOrEqual(20_000);
    expect(log.tail().endsWith("line 4999")).toBe(true);
  });
});
