import type { SessionError } from "../../../contract/session-event.ts";
import { Usage } from "../../../contract/usage.ts";
import type { CliExit } from "../cli-adapter.ts";
import type { Json, SessionEnd } from "../harness.ts";
import { modelFailure } from "../model-failure.ts";
import type { CodexUsage } from "./codex-line.ts";
import type { CodexState } from "./codex-parser.ts";

export const CODEX_TITLE = "Codex";

type Ended = CodexState & { readonly end: NonNullable<CodexState["end"]> };

export function endOfCodex(state: Ended, exit: CliExit): SessionEnd {
  const { end } = state;
  const failed = "failed" in end ? end.failed : null;
  return {
    exitCode: exit.exitCode,
    signal: exit.signal,
    stopReason: failed === null ? "end_turn" : "error",
    error: failed === null ? null : requestError(failed),
    isTruncated: false,
    resultText: state.lastWords,
    structuredOutput: failed === null ? parseObject(state.lastWords ?? "") : null,
    usage: "usage" in end ? usageOf(end.usage, state.usedBefore) : null,
    modelRequests: null,
    permissionDenials: denialsIn(exit.stderr),
    sessionId: state.sessionId,
  };
}

/** With a schema the last words are JSON; the program does not check them, and whoever takes them does. */
function parseObject(text: string): Json {
  try {
    const value = JSON.parse(text) as Json;
    return typeof value === "object" && !Array.isArray(value) ? value : null;
  } catch {
    return null;
  }
}

/** The program says what went wrong in prose alone; these are words of its own and not the provider's. */
const CLASSES_BY_WORDS: readonly (readonly [RegExp, SessionError["class"]])[] = [
  [/^Quota exceeded\.|usage limit/i, "billing"],
  // It says so of an answer with HTTP status 500.
  [/experiencing high demand/i, "server"],
  [/^stream disconnected|error sending request/i, "network"],
];

function requestError(said: string): SessionError {
  const words = /\bstatus:? (\d{3})\b/.exec(said)?.[1];
  const httpStatus = words === undefined ? null : Number(words);
  const named = CLASSES_BY_WORDS.find(([pattern]) => pattern.test(said))?.[1] ?? null;
  return modelFailure(httpStatus, said, named);
}

/** A patch that was not let is told as an error of the program, and nowhere else. */
function denialsIn(stderr: string): readonly string[] {
  return [...stderr.matchAll(/error=(patch rejected: .*)$/gm)].map(([, what]) => what ?? "");
}

function usageOf(usage: CodexUsage, before: CodexUsage | null): Usage | null {
  const since = (count: (each: CodexUsage) => number): number =>
    Math.max(0, count(usage) - (before === null ? 0 : count(before)));
  const parsed = Usage.safeParse({
    inputTokens: since((each) => each.input_tokens),
    cacheReadInputTokens: since((each) => each.cached_input_tokens),
    cacheCreationInputTokens: since((each) => each.cache_write_input_tokens),
    outputTokens: since((each) => each.output_tokens),
    reasoningOutputTokens: since((each) => each.reasoning_output_tokens),
  });
  return parsed.data ?? null;
}
