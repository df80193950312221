import { describe, expect, test } from "vitest";
import { Usage } from "../../contract/usage.ts";
import type { HarnessOutcome } from "../harness/harness.ts";
import { endOfFailed, endOfResult } from "../harness/session-end.ts";
import type { WireUsage } from "../model-proxy/usage-meter.ts";
import { accountForModel } from "./account-for-model.ts";

function usage(inputTokens: number, outputTokens: number): Usage {
  return Usage.parse({ model: "claude-sonnet-5", inputTokens, outputTokens });
}

function wire(change: Partial<WireUsage> = {}): WireUsage {
  return { requests: 3, estimated: 0, usage: usage(100_000, 10_000), costMicroUsd: 1, ...change };
}

function done(told: Usage | null): HarnessOutcome {
  const result = { summary: "Done.", ...(told === null ? {} : { usage: told }) };
  return { kind: "result", result, ...endOfResult(result) };
}

const UNLIMITED = { stage: "implement", limits: { maxTurns: null, budgetMicroUsd: null } } as const;

const FAILED: HarnessOutcome = {
  kind: "failed",
  failure: "agent",
  summary: "The agent ended with code 1.",
  ...endOfFailed("The agent ended with code 1.", { isTruncated: true }),
};

describe("what a session used", () => {
  test("is what was seen on the wire where its program does not say", () => {
    const { outcome, notice } = accountForModel(done(null), { wire: wire(), limit: null }, UNLIMITED);
    expect(outcome).toMatchObject({ usage: usage(100_000, 10_000), modelRequests: 3 });
    expect(notice).toBeNull();
  });

  test("is nobody's guess where nothing was asked", () => {
    const nothing = { requests: 0, estimated: 0, usage: null, costMicroUsd: null };
    const { outcome } = accountForModel(done(null), { wire: nothing, limit: null }, UNLIMITED);
    expect(outcome).toMatchObject({ usage: null, modelRequests: null });
  });

  test.each([
    [usage(100_000, 10_000), {}, null],
    [usage(104_000, 10_000), {}, null],
    [
      usage(90_000, 10_000),
      {},
      "The agent's program says that it used 90000 tokens in and 10000 out; on the way to its model there were 100000 and 10000.",
    ],
    [
      usage(100_000, 20_000),
      {},
      "The agent's program says that it used 100000 tokens in and 20000 out; on the way to its model there were 100000 and 10000.",
    ],
    // The wire's own figure is a guess then.
    [usage(100_000, 20_000), { estimated: 1 }, null],
    // A title that its program asked for by the way.
    [usage(400, 50), { usage: usage(1_400, 80) }, null],
  ])("is told by its program, and a difference that matters is said: %#", (told, change, expected) => {
    const { outcome, notice } = accountForModel(done(told), { wire: wire(change), limit: null }, UNLIMITED);
    expect(outcome.usage).toEqual(told);
    expect(notice).toBe(expected);
  });
});

const LIMITS = { maxTurns: 40, budgetMicroUsd: 500_000 };
const LIMITED = { stage: "implement", limits: LIMITS } as const;

describe("a session whose budget is used up", () => {
  const limit = "The attempt's budget of $0.50 is used up, so the model is not asked again.";
  const raise = "A larger stages.implement.limits.budget in the policy lets an attempt use more.";

  test("failed for that, whatever its program made of it, and says what it spent", () => {
    const summary = `The attempt's budget of $0.50 is used up, with $0.5312 spent. ${raise}`;
    const closed = { wire: wire({ costMicroUsd: 531_200 }), limit };
    expect(accountForModel(FAILED, closed, LIMITED).outcome).toMatchObject({
      kind: "failed",
      failure: "agent",
      summary,
      stopReason: "budget",
      isTruncated: false,
      error: { class: "budget", message: summary, retryable: false },
    });
  });

  test("failed for that, too, when it ended before it was told", () => {
    const closed = (costMicroUsd: number) => ({ wire: wire({ costMicroUsd }), limit: null });
    expect(accountForModel(FAILED, closed(500_000), LIMITED).outcome).toMatchObject({
      summary: `The attempt's budget of $0.50 is used up, with $0.50 spent. ${raise} The agent's session ended so: ${FAILED.summary}`,
      error: { class: "budget" },
    });
    expect(accountForModel(FAILED, closed(499_999), LIMITED).outcome).toMatchObject({
      summary: FAILED.summary,
    });
  });

  test("has done its work if it says so", () => {
    expect(accountForModel(done(null), { wire: wire(), limit }, LIMITED).outcome).toMatchObject({
      kind: "result",
      stopReason: "end_turn",
    });
  });
});

test("a session that used up its turns says so, where they are the policy's", () => {
  const stopped = { ...FAILED, stopReason: "max_turn_requests" } as const;
  const closed = { wire: wire(), limit: null };
  const summary =
    "The attempt's limit of 40 turns is used up. A larger stages.implement.limits.turns in the policy lets an attempt use more.";
  expect(accountForModel(stopped, closed, LIMITED).outcome).toMatchObject({
    summary,
    stopReason: "max_turn_requests",
    error: { class: "turns", message: summary, retryable: false },
  });
  expect(accountForModel(stopped, closed, UNLIMITED).outcome).toMatchObject({ summary: FAILED.summary });
});
