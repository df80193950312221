import { z } from "zod";

/** More than any session could use: sums and prices of it stay exact integers. */
const MAX_TOKENS = 1_000_000_000_000;

const Tokens = z.number().int().min(0).max(MAX_TOKENS);

/**
 * Tokens by OpenTelemetry's GenAI names. The input includes what was read from a cache and what was written to one,
 * the output what was spent on reasoning. What older reports do not say is zero, or unknown.
 */
export const Usage = z
  .strictObject({
    model: z
      .string()
      .regex(/^[\w.:/@+-]{1,200}$/)
      .nullable()
      .default(null),
    inputTokens: Tokens,
    cacheReadInputTokens: Tokens.default(0),
    cacheCreationInputTokens: Tokens.default(0),
    outputTokens: Tokens,
    reasoningOutputTokens: Tokens.nullable().default(null),
    /** What the agent's own program says it cost; it is kept beside what we compute. */
    costMicroUsd: z.number().int().min(0).max(Number.MAX_SAFE_INTEGER).nullable().default(null),
  })
  .refine(
    (usage) => usage.cacheReadInputTokens + usage.cacheCreationInputTokens <= usage.inputTokens,
    "the tokens of the cache are a part of the input",
  );
export type Usage = z.infer<typeof Usage>;
