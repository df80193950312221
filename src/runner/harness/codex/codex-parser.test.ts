import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { recordings, replay, wordsOf } from "../../../../test/support/harness/replay.ts";
import { SessionEvent } from "../../../contract/session-event.ts";
import { CODEX_PARSER } from "./codex-parser.ts";

const { linesOf, replayFile } = recordings(CODEX_PARSER, import.meta.url);

describe("what Codex printed", () => {
  test("shows its words, its thoughts, and its tools with their results", () => {
    const { events, end } = replayFile("happy-path");
    expect(wordsOf(events)).toMatchInlineSnapshot(`
      [
        "Hm.",
        "I look.",
        "apply_patch /session/work/a.txt",
        "",
        "/bin/bash -lc 'cat a.txt; exit 3'",
        "hi
      ",
        "parrot.repeat",
        "parrot: polly",
        "All done.",
      ]
    `);
    expect(events.filter((event) => event.type === "tool_result")).toMatchObject([
      { id: "item_2", status: "completed", exitCode: null },
      { id: "item_3", status: "failed", exitCode: 3 },
      { id: "item_4", status: "completed", exitCode: null },
    ]);
    expect(end).toMatchObject({ stopReason: "end_turn", error: null, resultText: "All done." });
  });

  test("counts what was used since a session went on, for its own count goes on too", () => {
    const { state, end } = replayFile("happy-path");
    expect(end.usage).toMatchObject({
      inputTokens: 5_700,
      cacheReadInputTokens: 5_000,
      cacheCreationInputTokens: 300,
      outputTokens: 100,
      reasoningOutputTokens: 7,
    });
    const usedBefore = {
      input_tokens: 5_000,
      cached_input_tokens: 4_900,
      cache_write_input_tokens: 0,
      output_tokens: 90,
      reasoning_output_tokens: 7,
    };
    const exit = { exitCode: 0, signal: null, stderr: "" };
    expect(CODEX_PARSER.finish({ ...state, usedBefore }, exit).usage).toMatchObject({
      inputTokens: 700,
      cacheReadInputTokens: 100,
      cacheCreationInputTokens: 300,
      outputTokens: 10,
      reasoningOutputTokens: 0,
    });
  });

  test.each([
    ["unauthorized", { class: "auth", httpStatus: 401, retryable: false }],
    ["no-credit", { class: "billing", httpStatus: null, retryable: false }],
    ["rate-limited", { class: "rate_limit", httpStatus: 429, retryable: true }],
    ["server-error", { class: "server", httpStatus: null, retryable: true }],
    ["overloaded", { class: "overloaded", httpStatus: null, retryable: true }],
    ["unknown-model", { class: "model_not_found", httpStatus: null, retryable: false }],
    ["context-too-long", { class: "context", httpStatus: null, retryable: false }],
    ["cut-stream", { class: "network", httpStatus: null, retryable: true }],
  ])("of a request that failed (%s) is classified by its words", (name, error) => {
    expect(replayFile(name, { exitCode: 1 }).end).toMatchObject({
      stopReason: "error",
      isTruncated: false,
      error,
    });
  });

  test("tells each try again apart from other complaints", () => {
    const { events } = replayFile("rate-limited", { exitCode: 1 });
    expect(events).toEqual([
      { type: "retry", attempt: 1, max: 1, delayMs: 0, httpStatus: 429 },
      {
        type: "notice",
        level: "error",
        text: "exceeded retry limit, last status: 429 Too Many Requests",
      },
    ]);
  });

  test("names the patch that it was not let make, which only its errors tell", () => {
    const stderr =
      "2026-11-21T16:52:57Z ERROR codex_core::tools::router: error=patch rejected: writing is blocked by read-only sandbox; rejected by user approval settings\n";
    const { events, end } = replayFile("denied", { stderr });
    expect(end).toMatchObject({
      error: null,
      permissionDenials: [
        "patch rejected: writing is blocked by read-only sandbox; rejected by user approval settings",
      ],
    });
    // An item called "error" is a warning.
    expect(events.filter((event) => event.type === "notice")).toMatchObject([
      { level: "warning" },
      { level: "warning" },
    ]);
  });

  test("has the answer by the schema in its last words, if those are an object", () => {
    expect(replayFile("schema").end.structuredOutput).toEqual({ summary: "All good." });
    expect(replayFile("happy-path").end.structuredOutput).toBeNull();
  });

  test("is truncated without an end of its turn, whatever the exit code", () => {
    for (const exitCode of [0, 1]) {
      const { end } = replayFile("interrupted", { exitCode });
      expect(end).toMatchObject({ isTruncated: true, stopReason: "error", exitCode });
      expect(end.sessionId).toMatch(/^[0-9a-f-]{36}$/);
    }
  });
});

describe("reading lines of Codex", () => {
  test("never throws and shows only events that can be stored, whatever comes", () => {
    const lines = fc.constantFrom(...linesOf("happy-path"), ...linesOf("denied"), ...linesOf("cut-stream"));
    const broken = fc.tuple(lines, fc.nat(300), fc.string()).map(([line, at, text]) => {
      return line.slice(0, at) + text + line.slice(at + text.length);
    });
    const odd = fc.tuple(
      fc.constantFrom("item.started", "item.completed", "turn.completed", "turn.failed", "error"),
      fc.dictionary(fc.constantFrom("item", "usage", "error", "message"), fc.jsonValue()),
    );
    const any = fc.oneof(
      fc.string(),
      lines,
      broken,
      odd.map(([type, more]) => JSON.stringify({ type, ...more })),
    );
    fc.assert(
      fc.property(fc.array(any), (given) => {
        const { events } = replay(CODEX_PARSER, given);
        for (const event of events) SessionEvent.parse(JSON.parse(JSON.stringify(event)));
      }),
    );
  });

  test("shows no call twice, and none without its result, in whatever pieces it is told", () => {
    const completed = linesOf("happy-path").filter((line) => !line.includes('"item.started"'));
    const { events } = replay(CODEX_PARSER, completed);
    const { events: whole } = replayFile("happy-path");
    const callsOf = (given: readonly SessionEvent[]): unknown[] =>
      given.flatMap((event) => (event.type === "tool_call" ? [event.id] : []));
    expect(callsOf(events)).toEqual(callsOf(whole));
  });
});
