import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { recordedLines, recordings, replay, wordsOf } from "../../../../test/support/harness/replay.ts";
import { SessionEvent } from "../../../contract/session-event.ts";
import { Usage } from "../../../contract/usage.ts";
import { GEMINI_PARSER } from "./gemini-parser.ts";

const { replayFile } = recordings(GEMINI_PARSER, import.meta.url);

describe("what Gemini CLI printed", () => {
  test("shows its words whole, its tools with their results, and what it used", () => {
    const { events, end } = replayFile("happy-path");
    expect(wordsOf(events)).toEqual([
      "Let me look @you.",
      "read_file /session/work/hello.txt",
      "",
      "write_file /session/work/new.txt",
      "",
      "ls -a; exit 3",
      ".\n..\n.git\nhello.txt\nnew.txt",
      "All done.",
    ]);
    expect(events[1]).toMatchObject({ kind: "read", locations: ["/session/work/hello.txt"] });
    expect(end).toMatchObject({
      stopReason: "end_turn",
      error: null,
      isTruncated: false,
      resultText: "All done.",
      sessionId: "a41b4ce4-8b83-49ad-a74f-0a67bbec23b0",
    });
    // The input has the cache in it, and what was thought is a part of the output.
    expect(end.usage).toEqual({
      model: "gpt-5-nano",
      inputTokens: 5_430,
      cacheReadInputTokens: 5_100,
      cacheCreationInputTokens: 0,
      outputTokens: 85,
      reasoningOutputTokens: 5,
      costMicroUsd: null,
    });
  });

  test("tells what its role kept it from apart from what failed", () => {
    const denied = replayFile("denied");
    const statuses = denied.events.flatMap((event) => (event.type === "tool_result" ? [event.status] : []));
    expect(statuses).toEqual(["denied", "completed", "denied"]);
    expect(denied.end.permissionDenials).toEqual([
      "write_file a.txt: Tool execution denied by policy. Not for this role.",
      "replace hello.txt: Tool execution denied by policy. Not for this role.",
    ]);
    expect(denied.end.error).toBeNull();
    const failed = replayFile("failed-tools");
    expect(
      failed.events.flatMap((event) => (event.type === "tool_result" ? [[event.status, event.output]] : [])),
    ).toEqual([
      ["completed", ""],
      ["failed", "File not found."],
      ["completed", ""],
    ]);
    expect(failed.end.permissionDenials).toEqual([]);
  });

  test.each([
    [
      "unauthorized",
      145,
      { stopReason: "error", error: { class: "auth", httpStatus: 401, retryable: false } },
    ],
    ["turn-limit", 53, { stopReason: "max_turn_requests", error: { retryable: false } }],
    ["cut-stream", 1, { stopReason: "error", error: { class: "network", retryable: true } }],
    [
      "blocked",
      0,
      {
        error: {
          message:
            "The agent's program ended with an error (The model response was blocked due to safety settings).",
        },
      },
    ],
  ])("knows why it ended: %s", (name, exitCode, end) => {
    const { end: known } = replayFile(name, { exitCode });
    expect(known).toMatchObject(end);
    expect(known.isTruncated).toBe(false);
  });

  test("is truncated without a last event, whatever the exit code", () => {
    expect(replayFile("interrupted", { exitCode: 0 }).end).toMatchObject({
      isTruncated: true,
      error: { message: "Gemini CLI ended with code 0 without saying how its work did." },
    });
    const lines = recordedLines(new URL("recorded/happy-path.jsonl", import.meta.url));
    for (let count = 0; count < lines.length; count++) {
      const { end } = replay(GEMINI_PARSER, lines.slice(0, count));
      expect(end).toMatchObject({ isTruncated: true, usage: null });
    }
  });

  test("has the HTTP status in its exit code where it is nowhere else", () => {
    const result = { type: "result", status: "error", error: { type: "unknown", message: "[API Error: x]" } };
    const at = (exitCode: number): unknown =>
      replay(GEMINI_PARSER, [JSON.stringify(result)], { exitCode }).end.error;
    expect(at(173)).toMatchObject({ class: "rate_limit", httpStatus: 429 });
    expect(at(244)).toMatchObject({ class: "server", httpStatus: 500 });
    expect(at(247)).toMatchObject({ class: "overloaded", httpStatus: 503 });
    expect(at(1)).toMatchObject({ class: "unknown", httpStatus: null });
  });

  test("does not name a model where several were used", () => {
    const counts = { total_tokens: 10, input_tokens: 5, output_tokens: 5, cached: 0 };
    const stats = { ...counts, models: { "gemini-2.5-pro": counts, "gemini-2.5-flash": counts } };
    const line = JSON.stringify({ type: "result", status: "success", stats });
    expect(replay(GEMINI_PARSER, [line]).end.usage?.model).toBeNull();
  });

  test("tells of retries, and not what says the same again", () => {
    const read = (line: string): unknown =>
      GEMINI_PARSER.readError?.(GEMINI_PARSER.initial, line)?.events ?? null;
    expect(read("Attempt 2 failed with status 503. Retrying with backoff... _ApiError: {}")).toEqual([
      { type: "retry", attempt: 2, max: null, delayMs: null, httpStatus: 503 },
    ]);
    expect(read("    at async Turn.run (file:///x.js:1:2) {")).toEqual([]);
    expect(read("Error executing tool read_file: File not found.")).toEqual([]);
    expect(read("Something that nobody has seen.")).toBeNull();
  });

  test("never throws and gives only events that are stored, whatever the lines", () => {
    const lines = recordedLines(new URL("recorded/denied.jsonl", import.meta.url));
    const type = fc.constantFrom("init", "message", "tool_use", "tool_result", "error", "result", "new");
    const known = fc
      .record({ type }, { requiredKeys: [] })
      .chain((line) =>
        fc
          .dictionary(fc.constantFrom("tool_id", "status", "stats", "role", "content"), fc.jsonValue())
          .map((more) => JSON.stringify({ ...line, ...more })),
      );
    const line = fc.oneof(
      fc.string(),
      fc.constantFrom(...lines),
      known,
      fc.jsonValue().map((value) => JSON.stringify(value)),
    );
    fc.assert(
      fc.property(fc.array(line), fc.integer({ min: 0, max: 255 }), (drawn, exitCode) => {
        const { events, end } = replay(GEMINI_PARSER, drawn, { exitCode });
        for (const event of events) SessionEvent.parse(event);
        if (end.usage !== null) Usage.parse(end.usage);
        expect(end.isTruncated && end.error === null).toBe(false);
      }),
    );
  });
});
