import type { Usage } from "../../contract/usage.ts";
import type { HarnessOutcome } from "../harness/harness.ts";
import type { WireUsage } from "../model-proxy/usage-meter.ts";
import type { ClosedModel } from "./open-model.ts";

/** Two ways to count the same may differ by this share, as by a request that was tried again. */
const MAX_SHARE = 0.05;

/** And by this many tokens, as by a title that a program asked for and does not count. */
const MAX_TOKENS = 2_000;

/**
 * Joins what the agent's program says of its session with what was seen on the way to its model: what it does not say
 * is counted there, and a failure after the budget was used up is the budget's. `notice` says where the two differ.
 */
export function accountForModel(
  outcome: HarnessOutcome,
  { wire, limit }: ClosedModel,
): { readonly outcome: HarnessOutcome; readonly notice: string | null } {
  const counted = {
    ...outcome,
    usage: outcome.usage ?? wire.usage,
    modelRequests: outcome.modelRequests ?? (wire.requests === 0 ? null : wire.requests),
  };
  return {
    outcome: limit === null ? counted : endAtLimit(counted, limit),
    notice: compare(outcome.usage, wire),
  };
}

function endAtLimit(outcome: HarnessOutcome, limit: string): HarnessOutcome {
  // Whoever had its result before the end of the money has done its work.
  if (outcome.kind === "result") return outcome;
  const summary = `${limit} A larger one in the policy lets an attempt use more.`;
  return {
    ...outcome,
    failure: "agent",
    summary,
    stopReason: "budget",
    error: { class: "config", httpStatus: null, message: summary, retryable: false },
    isTruncated: false,
  };
}

function compare(told: Usage | null, { usage, estimated }: WireUsage): string | null {
  if (told === null || usage === null || estimated > 0) return null;
  const agrees =
    isClose(told.inputTokens, usage.inputTokens) && isClose(told.outputTokens, usage.outputTokens);
  if (agrees) return null;
  return (
    `The agent's program says that it used ${told.inputTokens} tokens in and ${told.outputTokens} out; ` +
    `on the way to its model there were ${usage.inputTokens} and ${usage.outputTokens}.`
  );
}

function isClose(one: number, other: number): boolean {
  return Math.abs(one - other) <= Math.max(MAX_TOKENS, MAX_SHARE * Math.max(one, other));
}
