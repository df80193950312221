import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { recordedLines, replay, type Replayed } from "../../../../test/support/harness/replay.ts";
import { SessionEvent } from "../../../contract/session-event.ts";
import { Usage } from "../../../contract/usage.ts";
import type { CliExit } from "../cli-adapter.ts";
import { OPENCODE_PARSER, type OpencodeState } from "./opencode-parser.ts";

function fileOf(name: string): readonly string[] {
  return recordedLines(new URL(`recorded/${name}.jsonl`, import.meta.url));
}

function replayFile(name: string, exit: Partial<CliExit> = {}): Replayed<OpencodeState> {
  return replay(OPENCODE_PARSER, fileOf(name), exit);
}

function failedRequest(words: string, more = "small=false"): string {
  return (
    'timestamp=2026-11-21T16:41:17.554Z level=ERROR run=78aa3838 message="stream error" providerID=baton ' +
    `modelID=x session.id=ses_1 ${more} agent=build mode=primary error.error="AI_APICallError: ${words}"`
  );
}

/** What is left after the program's log had these lines. */
function readErrors(lines: readonly string[]): {
  readonly state: OpencodeState;
  readonly events: readonly SessionEvent[];
} {
  let state = OPENCODE_PARSER.initial;
  const events: SessionEvent[] = [];
  for (const line of lines) {
    const read = OPENCODE_PARSER.readError?.(state, line);
    state = read?.state ?? state;
    events.push(...(read?.events ?? []));
  }
  return { state, events };
}

describe("what opencode printed", () => {
  test("shows what it thinks and says, its tools with exit codes and diffs, and what each request used", () => {
    const { events, end } = replayFile("happy-path");
    expect(events.map(({ type }) => type)).toEqual([
      ...["thought", "message", "tool_call", "tool_result", "usage"],
      ...["tool_call", "tool_result", "usage"],
      ...["tool_call", "tool_result", "usage"],
      ...["tool_call", "tool_result", "usage"],
      ...["message", "usage"],
    ]);
    expect(events[8]).toMatchObject({ kind: "edit", locations: ["hello.txt"] });
    expect(events[9]).toMatchObject({ diff: expect.stringContaining("-hello\n+hullo") as string });
    expect(events[11]).toMatchObject({ kind: "execute", title: "ls; exit 3" });
    expect(events[12]).toMatchObject({ status: "completed", exitCode: 3, output: "hello.txt\nnew.txt\n" });
    expect(end).toMatchObject({
      stopReason: "end_turn",
      error: null,
      isTruncated: false,
      resultText: "All done.",
      modelRequests: 5,
    });
    // What it calls input has no cache in it, and its output no thinking.
    expect(end.usage).toEqual({
      model: null,
      inputTokens: 5 * 5_110,
      cacheReadInputTokens: 5 * 5_100,
      cacheCreationInputTokens: 0,
      outputTokens: 5 * 25,
      reasoningOutputTokens: 5 * 5,
      costMicroUsd: 5 * 570,
    });
  });

  test("tells what its role kept it from, whether the tool was offered or not", () => {
    expect(replayFile("denied").end.permissionDenials).toEqual([
      "bash: The role has no such tool.",
      "apply_patch: The role has no such tool.",
    ]);
    const statuses = replayFile("denied-edit").events.flatMap((event) =>
      event.type === "tool_result" ? [event.status] : [],
    );
    expect(statuses).toEqual(["denied", "denied", "denied"]);
  });

  test.each([
    ["unauthorized", 1, { stopReason: "error", error: { class: "auth", httpStatus: 401, retryable: false } }],
    ["cut-short", 0, { stopReason: "max_tokens", error: { retryable: false } }],
  ])("knows why it ended: %s", (name, exitCode, end) => {
    const { end: known } = replayFile(name, { exitCode });
    expect(known).toMatchObject(end);
    expect(known.isTruncated).toBe(false);
  });

  test("is truncated wherever it stops before its last step's end", () => {
    const lines = fileOf("happy-path");
    for (let count = 0; count < lines.length; count++) {
      expect(replay(OPENCODE_PARSER, lines.slice(0, count)).end).toMatchObject({ isTruncated: true });
    }
    expect(replay(OPENCODE_PARSER, lines, { exitCode: null, signal: "SIGTERM" }).end.isTruncated).toBe(true);
  });

  test("takes a step that begins again for one whose answer broke off", () => {
    const { state, events, end } = replayFile("cut-stream", { exitCode: null, signal: "SIGKILL" });
    expect(state.failures).toBe(2);
    expect(events.map(({ type }) => type)).toEqual(["retry", "retry"]);
    expect(end.isTruncated).toBe(true);
  });
});

describe("what opencode asks for again", () => {
  test("is told, and given up after half a minute", () => {
    const four = readErrors(Array<string>(4).fill(failedRequest("Rate limit reached.")));
    expect(four.events).toHaveLength(4);
    expect(OPENCODE_PARSER.isHopeless?.(four.state)).toBe(false);
    const five = readErrors(Array<string>(5).fill(failedRequest("Rate limit reached.")));
    expect(OPENCODE_PARSER.isHopeless?.(five.state)).toBe(true);
    const end = OPENCODE_PARSER.finish(five.state, { exitCode: null, signal: "SIGINT", stderr: "" });
    expect(end).toMatchObject({ isTruncated: false, error: { class: "rate_limit", retryable: true } });
  });

  test("is the provider's failure where its words tell nothing", () => {
    const { state } = readErrors(Array<string>(5).fill(failedRequest("internal")));
    const end = OPENCODE_PARSER.finish(state, { exitCode: null, signal: "SIGINT", stderr: "" });
    expect(end.error).toMatchObject({ class: "server", httpStatus: null, retryable: true });
  });

  test("stays what it was given up for when opencode says that it was stopped", () => {
    const { state } = readErrors(Array<string>(5).fill(failedRequest("Rate limit reached.")));
    const stopped = { type: "error", sessionID: "ses_1", error: { name: "MessageAbortedError", data: {} } };
    const told = OPENCODE_PARSER.read(state, JSON.stringify(stopped));
    const end = OPENCODE_PARSER.finish(told.state, { exitCode: 1, signal: null, stderr: "" });
    expect(told.state.error).not.toBeNull();
    expect(end.error).toMatchObject({ class: "rate_limit", retryable: true });
  });

  test("is not waited for where nobody pays", () => {
    const { state, events } = readErrors([
      failedRequest("You exceeded your current quota, please check your plan and billing details."),
    ]);
    expect(events).toEqual([]);
    expect(OPENCODE_PARSER.isHopeless?.(state)).toBe(true);
  });

  test("does not go on for ever where making the session shorter does not help", () => {
    const overflow = failedRequest("This model's maximum context length is 128000 tokens.");
    const finish = fileOf("cut-short").at(-1) ?? "";
    let state = OPENCODE_PARSER.initial;
    const rounds = () => {
      state = OPENCODE_PARSER.readError?.(state, overflow)?.state ?? state;
      state = OPENCODE_PARSER.read(state, finish).state;
    };
    rounds();
    rounds();
    expect(OPENCODE_PARSER.isHopeless?.(state)).toBe(false);
    rounds();
    expect(OPENCODE_PARSER.isHopeless?.(state)).toBe(true);
    expect(
      OPENCODE_PARSER.finish(state, { exitCode: null, signal: "SIGINT", stderr: "" }).error,
    ).toMatchObject({
      class: "context",
    });
  });

  test("begins to count anew with every answer", () => {
    const finish = fileOf("cut-short").at(-1) ?? "";
    let { state } = readErrors(Array<string>(4).fill(failedRequest("x")));
    state = OPENCODE_PARSER.read(state, finish).state;
    state = OPENCODE_PARSER.readError?.(state, failedRequest("x"))?.state ?? state;
    expect(OPENCODE_PARSER.isHopeless?.(state)).toBe(false);
  });

  test("leaves out what it asks on the side, and shows lines that nobody knows", () => {
    expect(readErrors([failedRequest("x", "small=true")]).events).toEqual([]);
    expect(OPENCODE_PARSER.readError?.(OPENCODE_PARSER.initial, "panic!")).toBeNull();
  });
});

test("a parser never throws and gives only events that are stored, whatever the lines", () => {
  const lines = [...fileOf("happy-path"), ...fileOf("denied"), ...fileOf("unauthorized")];
  const type = fc.constantFrom("step_start", "text", "reasoning", "tool_use", "step_finish", "error", "new");
  const part = fc.dictionary(
    fc.constantFrom("text", "tool", "callID", "state", "tokens", "reason", "cost"),
    fc.jsonValue(),
  );
  const known = fc
    .record({ type, sessionID: fc.string(), part, error: part })
    .map((value) => JSON.stringify(value));
  const line = fc.oneof(fc.string(), fc.constantFrom(...lines), known);
  fc.assert(
    fc.property(fc.array(line), fc.option(fc.integer({ min: 0, max: 255 })), (drawn, exitCode) => {
      const { events, end } = replay(OPENCODE_PARSER, drawn, { exitCode });
      for (const event of events) SessionEvent.parse(event);
      if (end.usage !== null) Usage.parse(end.usage);
      expect(end.isTruncated && end.error === null).toBe(false);
    }),
  );
  fc.assert(
    fc.property(
      fc.array(
        fc.oneof(
          fc.string(),
          fc.string().map((words) => failedRequest(words)),
        ),
      ),
      (drawn) => {
        for (const event of readErrors(drawn).events) SessionEvent.parse(event);
      },
    ),
  );
});
