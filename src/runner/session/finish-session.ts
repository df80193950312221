import { priceUsage } from "../../contract/cost/price-usage.ts";
import type { SessionEvent } from "../../contract/session-event.ts";
import type { Usage } from "../../contract/usage.ts";
import type { HarnessOutcome } from "../harness/harness.ts";
import type { StopReason } from "./stop-control.ts";

type Finished = Extract<SessionEvent, { type: "run.finished" }>;

/** How the session ended, as its last event. `model` is the one that was asked for, where the agent names no other. */
export function finishSession(
  outcome: HarnessOutcome,
  told: {
    readonly model: string | null;
    readonly wireUsage?: Usage | null;
    readonly stopped: StopReason | null;
    readonly durationMs: number;
  },
): Finished {
  const usageTotal = usageOf(outcome, told.model);
  return {
    type: "run.finished",
    ...endOf(outcome, told.stopped),
    resultText: outcome.resultText,
    structuredOutput: outcome.structuredOutput,
    usageTotal,
    wireUsage: told.wireUsage ?? null,
    ...costOf(usageTotal),
    modelRequests: outcome.modelRequests,
    exitCode: outcome.exitCode,
    signal: outcome.signal,
    durationMs: told.durationMs,
    permissionDenials: [...outcome.permissionDenials],
  };
}

/** What the session used, with the model that it was asked to use where it does not name one. */
export function usageOf(outcome: HarnessOutcome, model: string | null): Usage | null {
  return outcome.usage && { ...outcome.usage, model: outcome.usage.model ?? model };
}

function endOf(
  outcome: HarnessOutcome,
  stopped: StopReason | null,
): Pick<Finished, "status" | "stopReason" | "error"> {
  if (stopped?.kind === "limit") {
    const error = { class: "sandbox", httpStatus: null, message: stopped.why, retryable: false } as const;
    return { status: "error", stopReason: "error", error };
  }
  if (stopped !== null) return { status: "cancelled", stopReason: "cancelled", error: null };
  const { stopReason } = outcome;
  if (outcome.kind === "result") return { status: "ok", stopReason, error: null };
  const unnamed = { class: "unknown", httpStatus: null, message: outcome.summary, retryable: false } as const;
  return {
    status: outcome.isTruncated ? "truncated" : "error",
    stopReason: outcome.error === null ? "error" : stopReason,
    error: outcome.error ?? unnamed,
  };
}

function costOf(usage: Usage | null): Pick<Finished, "costMicroUsd" | "costSource"> {
  if (usage === null) return { costMicroUsd: null, costSource: "none" };
  const { costMicroUsd } = priceUsage(usage);
  if (costMicroUsd !== null) return { costMicroUsd, costSource: "ours" };
  return { costMicroUsd: usage.costMicroUsd, costSource: usage.costMicroUsd === null ? "none" : "cli" };
}
