import { Usage } from "../../contract/usage.ts";

/** Tokens of one answer, each counted in one place only. */
export type TokenCount = {
  /** Input that was neither read from a cache nor written to one. */
  readonly freshInput: number;
  readonly cacheRead: number;
  readonly cacheWrite: number;
  /** What of the cache's writes is kept for longer than the shortest time, and costs more. */
  readonly longCacheWrite: number;
  /** Reasoning included. */
  readonly output: number;
  readonly reasoning: number | null;
};

export const NO_TOKENS: TokenCount = {
  freshInput: 0,
  cacheRead: 0,
  cacheWrite: 0,
  longCacheWrite: 0,
  output: 0,
  reasoning: null,
};

export function addTokens(one: TokenCount, other: TokenCount): TokenCount {
  return {
    freshInput: one.freshInput + other.freshInput,
    cacheRead: one.cacheRead + other.cacheRead,
    cacheWrite: one.cacheWrite + other.cacheWrite,
    longCacheWrite: one.longCacheWrite + other.longCacheWrite,
    output: one.output + other.output,
    reasoning:
      one.reasoning === null && other.reasoning === null
        ? null
        : (one.reasoning ?? 0) + (other.reasoning ?? 0),
  };
}

export function toUsage(tokens: TokenCount, model: string | null): Usage {
  return Usage.parse({
    model,
    inputTokens: tokens.freshInput + tokens.cacheRead + tokens.cacheWrite,
    cacheReadInputTokens: tokens.cacheRead,
    cacheCreationInputTokens: tokens.cacheWrite,
    outputTokens: tokens.output,
    reasoningOutputTokens: tokens.reasoning,
  });
}
