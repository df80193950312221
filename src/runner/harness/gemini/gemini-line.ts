import { z } from "zod";

/** More than any session uses: sums stay within what is stored (src/contract/usage.ts). */
const MAX_TOKENS = 1_000_000_000;

const Tokens = z.number().int().min(0).max(MAX_TOKENS);

/** The input has what was read from a cache in it; the total has thinking too, which the output has not. */
const Counts = z.object({
  total_tokens: Tokens,
  input_tokens: Tokens,
  output_tokens: Tokens,
  cached: Tokens.default(0),
});

/** What Gemini CLI prints with `--output-format stream-json`, one JSON object a line. */
export const GeminiLine = z.discriminatedUnion("type", [
  z.object({ type: z.literal("init"), session_id: z.string(), model: z.string() }),
  z.object({ type: z.literal("message"), role: z.string(), content: z.string() }),
  z.object({
    type: z.literal("tool_use"),
    tool_name: z.string(),
    tool_id: z.string(),
    parameters: z.record(z.string(), z.json()).default({}),
  }),
  z.object({
    type: z.literal("tool_result"),
    tool_id: z.string(),
    status: z.string(),
    output: z.string().default(""),
    error: z.object({ type: z.string(), message: z.string() }).optional(),
  }),
  z.object({ type: z.literal("error"), severity: z.string(), message: z.string() }),
  z.object({
    type: z.literal("result"),
    status: z.string(),
    error: z.object({ type: z.string(), message: z.string() }).optional(),
    stats: Counts.extend({ models: z.record(z.string(), Counts).default({}) }).optional(),
  }),
]);
export type GeminiLine = z.infer<typeof GeminiLine>;
