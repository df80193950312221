import type { Briefing } from "../../contract/briefing.ts";
import type { SessionError } from "../../contract/session-event.ts";
import type { Usage } from "../../contract/usage.ts";
import type { HarnessOutcome } from "../harness/harness.ts";
import { describeDollars } from "../model-proxy/describe-dollars.ts";
import type { WireUsage } from "../model-proxy/usage-meter.ts";
import type { ClosedModel } from "./open-model.ts";

/** Two ways to count the same may differ by this share, as by a request that was tried again. */
const MAX_SHARE = 0.05;

/** And by this many tokens, as by a title that a program asked for and does not count. */
const MAX_TOKENS = 2_000;

type Limited = Pick<Briefing, "stage" | "limits">;

/**
 * Joins what the agent's program says of its session with what was seen on the way to its model: what it does not say
 * is counted there, and a failure at one of the policy's limits says what was used up and how to raise it. `notice` says
 * where the two differ.
 */
export function accountForModel(
  outcome: HarnessOutcome,
  closed: ClosedModel,
  briefing: Limited,
): { readonly outcome: HarnessOutcome; readonly notice: string | null } {
  const { wire } = closed;
  const counted = {
    ...outcome,
    usage: outcome.usage ?? wire.usage,
    modelRequests: outcome.modelRequests ?? (wire.requests === 0 ? null : wire.requests),
  };
  return { outcome: endAtLimit(counted, closed, briefing), notice: compare(outcome.usage, wire) };
}

function endAtLimit(
  outcome: HarnessOutcome,
  closed: ClosedModel,
  { stage, limits }: Limited,
): HarnessOutcome {
  // Whoever had its result before the end of the money has done its work.
  if (outcome.kind === "result") return outcome;
  const raise = (key: "budget" | "turns"): string =>
    `A larger stages.${stage}.limits.${key} in the policy lets an attempt use more.`;
  const spent = overspentBy(closed, limits.budgetMicroUsd);
  if (spent !== null) {
    // It may have ended by itself before it was told.
    const words = closed.limit === null ? ` The agent's session ended so: ${outcome.summary}` : "";
    return { ...outcome, ...failAt("budget", `${spent} ${raise("budget")}${words}`), stopReason: "budget" };
  }
  const { maxTurns } = limits;
  if (maxTurns !== null && outcome.stopReason === "max_turn_requests") {
    const turns = maxTurns === 1 ? "one turn" : `${maxTurns} turns`;
    return {
      ...outcome,
      ...failAt("turns", `The attempt's limit of ${turns} is used up. ${raise("turns")}`),
    };
  }
  return outcome;
}

/** What was spent of a budget that is used up, as a sentence; null while some of it is left. */
function overspentBy({ wire, limit }: ClosedModel, budgetMicroUsd: number | null): string | null {
  if (budgetMicroUsd === null) return null;
  const { costMicroUsd: spent } = wire;
  if (limit === null && (spent === null || spent < budgetMicroUsd)) return null;
  const cost = spent === null ? "" : `, with ${describeDollars(spent)} spent`;
  return `The attempt's budget of ${describeDollars(budgetMicroUsd)} is used up${cost}.`;
}

function failAt(errorClass: SessionError["class"], summary: string) {
  const error = { class: errorClass, httpStatus: null, message: summary, retryable: false };
  return { kind: "failed", failure: "agent", summary, error, isTruncated: false } as const;
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
