import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { recordings, replay, wordsOf } from "../../../../test/support/harness/replay.ts";
import { SessionEvent } from "../../../contract/session-event.ts";
import { CLAUDE_PARSER } from "./claude-parser.ts";

const { linesOf, replayFile } = recordings(CLAUDE_PARSER, import.meta.url);

describe("what Claude Code printed", () => {
  test("shows its words, its thoughts, its tools with their results, and what it changed", () => {
    const { events, end } = replayFile("happy-path");
    expect(wordsOf(events)).toMatchInlineSnapshot(`
      [
        "Hm.",
        "I look.",
        "Bash printf "hi\\n" > a.txt",
        "(Bash completed with no output)",
        "Read /session/work/a.txt",
        "1	hi
      2	",
        "Write /session/work/a.txt",
        "The file /session/work/a.txt has been updated successfully. (file state is current in your context — no need to Read it back)",
        "Bash cat a.txt; exit 3",
        "Exit code 3
      hello",
        "All done.",
      ]
    `);
    expect(events.flatMap((event) => (event.type === "tool_result" ? [event.exitCode] : []))).toEqual([
      0,
      null,
      null,
      3,
    ]);
    expect(
      events.flatMap((event) => (event.type === "tool_result" && event.diff ? [event.diff] : [])),
    ).toEqual(["--- /session/work/a.txt\n+++ /session/work/a.txt\n@@ -1,1 +1,1 @@\n-hi\n+hello\n"]);
    expect(end).toMatchObject({
      stopReason: "end_turn",
      error: null,
      resultText: "All done.",
      modelRequests: 5,
      permissionDenials: [],
    });
  });

  test("counts the tokens of caches into the input, and keeps the program's own price beside", () => {
    expect(replayFile("happy-path").end.usage).toEqual({
      model: "claude-sonnet-5",
      inputTokens: 5_800,
      cacheReadInputTokens: 5_000,
      cacheCreationInputTokens: 300,
      outputTokens: 120,
      reasoningOutputTokens: null,
      costMicroUsd: expect.any(Number) as number,
    });
  });

  test.each([
    ["unauthorized", { class: "auth", httpStatus: 401, retryable: false }],
    ["no-credit", { class: "billing", httpStatus: 400, retryable: false }],
    ["rate-limited", { class: "rate_limit", httpStatus: 429, retryable: true }],
    ["server-error", { class: "server", httpStatus: 500, retryable: true }],
    ["overloaded", { class: "overloaded", httpStatus: 529, retryable: true }],
    ["unknown-model", { class: "model_not_found", httpStatus: 404, retryable: false }],
    ["context-too-long", { class: "context", httpStatus: 400, retryable: false }],
    ["cut-stream", { class: "network", httpStatus: null, retryable: true }],
  ])("of a request that failed (%s) is an error, whatever it calls it", (name, error) => {
    const { end, events } = replayFile(name, { exitCode: 1 });
    expect(end).toMatchObject({ stopReason: "error", isTruncated: false, resultText: null, error });
    // What the program says in the model's place is no message of the model.
    expect(events.filter((event) => event.type === "message")).toEqual([]);
  });

  test("tells each try again, with its pause", () => {
    const retries = replayFile("rate-limited").events.filter((event) => event.type === "retry");
    expect(retries).toEqual([
      { type: "retry", attempt: 1, max: 2, delayMs: 607, httpStatus: 429 },
      { type: "retry", attempt: 2, max: 2, delayMs: 1_074, httpStatus: 429 },
    ]);
  });

  test.each([
    ["turn-limit", "max_turn_requests", 200],
    // The whole's usage is zero then; the one by model is not.
    ["budget-limit", "budget", 100_000],
    ["interrupted", "cancelled", 100],
  ])("of a session that was ended (%s) says why, with what it used", (name, stopReason, inputTokens) => {
    const { end } = replayFile(name, { exitCode: 1 });
    expect(end).toMatchObject({ stopReason, error: { retryable: false }, usage: { inputTokens } });
  });

  test("names what it was not let do", () => {
    const { events, end } = replayFile("denied");
    expect(events.flatMap((event) => (event.type === "tool_result" ? [event.status] : []))).toEqual([
      "denied",
    ]);
    expect(end).toMatchObject({ error: null, permissionDenials: ["Bash touch x"] });
  });

  test("has the answer by the schema", () => {
    expect(replayFile("schema").end.structuredOutput).toEqual({ summary: "All good." });
  });

  test("is truncated without its last line, whatever the exit code, and keeps the session's id", () => {
    const whole = linesOf("happy-path");
    for (const exitCode of [0, 1, 143]) {
      const { end } = replay(CLAUDE_PARSER, whole.slice(0, -1), { exitCode, stderr: "Killed.\n" });
      expect(end).toMatchObject({ isTruncated: true, stopReason: "error", exitCode });
      expect(end.sessionId).toMatch(/^[0-9a-f-]{36}$/);
      expect(end.error?.message).toContain("Killed.");
    }
    expect(replayFile("terminated", { exitCode: 143 }).end.isTruncated).toBe(true);
  });
});

describe("reading lines of Claude Code", () => {
  test("never throws and shows only events that can be stored, whatever comes", () => {
    const lines = fc.constantFrom(...linesOf("happy-path"), ...linesOf("denied"), ...linesOf("interrupted"));
    const broken = fc.tuple(lines, fc.nat(400), fc.string()).map(([line, at, text]) => {
      return line.slice(0, at) + text + line.slice(at + text.length);
    });
    const odd = fc.tuple(
      fc.constantFrom("system", "assistant", "user", "result", "stream_event"),
      fc.dictionary(
        fc.constantFrom("subtype", "message", "session_id", "modelUsage", "result"),
        fc.jsonValue(),
      ),
    );
    const any = fc.oneof(
      fc.string(),
      lines,
      broken,
      odd.map(([type, more]) => JSON.stringify({ type, ...more })),
    );
    fc.assert(
      fc.property(fc.array(any), (given) => {
        const { events } = replay(CLAUDE_PARSER, given);
        for (const event of events) SessionEvent.parse(JSON.parse(JSON.stringify(event)));
      }),
    );
  });

  test("does not know what it does not know: such a line changes nothing", () => {
    for (const line of [
      "",
      "not JSON",
      '{"type":"weather"}',
      '{"type":"system","subtype":"news"}',
      "[]",
      "null",
    ]) {
      expect(CLAUDE_PARSER.read(CLAUDE_PARSER.initial, line)).toEqual({
        state: CLAUDE_PARSER.initial,
        events: [],
      });
    }
  });
});
