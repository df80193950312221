import { describe, expect, test } from "vitest";
import { SessionEvent } from "../../contract/session-event.ts";
import { Usage } from "../../contract/usage.ts";
import type { HarnessOutcome } from "../harness/harness.ts";
import { endOfFailed, endOfResult } from "../harness/session-end.ts";
import { finishSession } from "./finish-session.ts";

const TOLD = { model: "claude-sonnet-5", stopped: null, durationMs: 5 };

function done(usage?: Partial<Usage>): HarnessOutcome {
  const used = usage && { usage: Usage.parse({ inputTokens: 1_000, outputTokens: 100, ...usage }) };
  const result = { summary: "Done.", ...used };
  return { kind: "result", result, ...endOfResult(result), exitCode: 0 };
}

const FAILED: HarnessOutcome = {
  kind: "failed",
  failure: "agent",
  summary: "The agent was ended by SIGKILL.",
  ...endOfFailed("The agent was ended by SIGKILL.", { isTruncated: true }),
  signal: "SIGKILL",
};

describe("the last event of a session", () => {
  test("is one that is read again as it was written", () => {
    const event = finishSession(done({}), TOLD);
    expect(SessionEvent.parse(JSON.parse(JSON.stringify(event)))).toEqual(event);
  });

  test("prices what was used by our table", () => {
    expect(finishSession(done({}), TOLD)).toMatchObject({
      status: "ok",
      stopReason: "end_turn",
      usageTotal: { model: "claude-sonnet-5", inputTokens: 1_000 },
      costMicroUsd: 3_000,
      costSource: "ours",
    });
  });

  test("has the program's own figure where our table does not know the model, and none where nobody does", () => {
    const unknown = { model: "made-up-1" };
    expect(finishSession(done({ ...unknown, costMicroUsd: 7 }), TOLD)).toMatchObject({
      costMicroUsd: 7,
      costSource: "cli",
    });
    expect(finishSession(done(unknown), TOLD)).toMatchObject({ costMicroUsd: null, costSource: "none" });
    expect(finishSession(done(), TOLD)).toMatchObject({ usageTotal: null, costSource: "none" });
  });

  test("says that a program ended without a word, why it failed, and that it was stopped", () => {
    expect(finishSession(FAILED, TOLD)).toMatchObject({
      status: "truncated",
      stopReason: "error",
      signal: "SIGKILL",
      error: { class: "unknown", message: "The agent was ended by SIGKILL." },
    });
    const failed = { ...FAILED, ...endOfFailed("No.", { class: "config" }) };
    expect(finishSession(failed, TOLD)).toMatchObject({ status: "error", error: { class: "config" } });
    expect(
      finishSession(FAILED, { ...TOLD, stopped: { kind: "cancelled", why: "Somebody said so." } }),
    ).toMatchObject({
      status: "cancelled",
      error: null,
    });
  });
});
