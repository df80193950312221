import type { SessionError } from "../../../contract/session-event.ts";
import { Usage } from "../../../contract/usage.ts";
import type { CliExit } from "../cli-adapter.ts";
import type { SessionEnd } from "../harness.ts";
import { modelFailure } from "../model-failure.ts";
import type { ModelUsage, ResultLine } from "./claude-line.ts";
import type { ClaudeState } from "./claude-parser.ts";
import { describeCall } from "./claude-tools.ts";

export const CLAUDE_TITLE = "Claude Code";

type Ended = ClaudeState & { readonly result: ResultLine };

/** How a session ended by its `result`, whose `subtype` says "success" of failed requests too. */
export function endOfClaude(state: Ended, exit: CliExit): SessionEnd {
  const { result } = state;
  return {
    exitCode: exit.exitCode,
    signal: exit.signal,
    ...reasonOf(state),
    isTruncated: false,
    resultText: result.is_error ? null : result.result,
    structuredOutput: result.structured_output,
    usage: usageOf(result),
    modelRequests: state.modelRequests,
    permissionDenials: result.permission_denials.map(
      ({ tool_name: name, tool_input: input }) => describeCall(name, input).title,
    ),
    sessionId: state.sessionId,
  };
}

function reasonOf(state: Ended): Pick<SessionEnd, "stopReason" | "error"> {
  const { result } = state;
  switch (result.subtype) {
    case "error_max_turns":
      return {
        stopReason: "max_turn_requests",
        error: failure(`${CLAUDE_TITLE} used up its turns before it was done.`),
      };
    case "error_max_budget_usd":
      return {
        stopReason: "budget",
        error: failure(`${CLAUDE_TITLE} used up its budget before it was done.`),
      };
    case "error_max_structured_output_retries":
      return {
        stopReason: "error",
        error: failure(`${CLAUDE_TITLE} did not give its answer in the form that was asked for.`),
      };
  }
  if (result.terminal_reason?.startsWith("aborted") === true) {
    return { stopReason: "cancelled", error: failure(`${CLAUDE_TITLE} was interrupted.`) };
  }
  if (result.is_error) return { stopReason: "error", error: requestError(state) };
  if (result.stop_reason === "max_tokens") {
    return {
      stopReason: "max_tokens",
      error: failure(`The model's answer to ${CLAUDE_TITLE} was longer than it may be, and was cut off.`),
    };
  }
  if (result.stop_reason === "refusal") {
    return { stopReason: "refusal", error: failure("The model declined to do the work.") };
  }
  return { stopReason: "end_turn", error: null };
}

/** The program's own words for failed requests, where they say more than the status. */
const CLASS_OF_NAME: { readonly [name: string]: SessionError["class"] } = {
  authentication_failed: "auth",
  billing_error: "billing",
  max_output_tokens: "context",
  model_not_found: "model_not_found",
  rate_limit: "rate_limit",
};

function requestError({ result, errorName }: Ended): SessionError {
  const { api_error_status: status } = result;
  return modelFailure(status, result.result ?? result.errors.join(" "), classOf(status, errorName));
}

/** Null where status and words say it. */
function classOf(status: number | null, name: string | null): SessionError["class"] | null {
  if (name === null) return null;
  if (name === "server_error") return status === null ? "network" : null;
  return Object.hasOwn(CLASS_OF_NAME, name) ? (CLASS_OF_NAME[name] ?? null) : null;
}

function failure(message: string): SessionError {
  return { class: "unknown", httpStatus: null, message, retryable: false };
}

/**
 * The tokens by model are right where those of the whole are not: a session that was stopped has none there. Their
 * input is without what a cache had, ours with it. Several models have no price as one.
 */
function usageOf({ modelUsage, total_cost_usd: cost }: ResultLine): Usage | null {
  const models = Object.entries(modelUsage);
  if (models.length === 0) return null;
  const sum = (count: (usage: ModelUsage) => number): number =>
    models.reduce((total, [, usage]) => total + count(usage), 0);
  const cacheReadInputTokens = sum((usage) => usage.cacheReadInputTokens);
  const cacheCreationInputTokens = sum((usage) => usage.cacheCreationInputTokens);
  const parsed = Usage.safeParse({
    // The part in brackets says how much the model is let read.
    model: models.map(([model]) => model.replace(/\[.*\]$/, "")).join("+"),
    inputTokens: sum((usage) => usage.inputTokens) + cacheReadInputTokens + cacheCreationInputTokens,
    cacheReadInputTokens,
    cacheCreationInputTokens,
    outputTokens: sum((usage) => usage.outputTokens),
    costMicroUsd: cost === null ? null : Math.round(cost * 1_000_000),
  });
  return parsed.data ?? null;
}
