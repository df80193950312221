import { z } from "zod";

/** More than any session uses: sums stay within what is stored (src/contract/usage.ts). */
const MAX_TOKENS = 1_000_000_000;

const MAX_DOLLARS = 1_000_000;

const Tokens = z.number().int().min(0).max(MAX_TOKENS);

/** The input has nothing of the cache in it, and the output nothing of the thinking. */
const Counts = z.object({
  input: Tokens,
  output: Tokens,
  reasoning: Tokens.default(0),
  cache: z.object({ read: Tokens.default(0), write: Tokens.default(0) }).prefault({}),
});

const ToolState = z.object({
  status: z.string(),
  input: z.record(z.string(), z.json()).default({}),
  output: z.string().default(""),
  error: z.string().optional(),
  title: z.string().optional(),
  metadata: z.object({ exit: z.number().int().nullish(), diff: z.string().nullish() }).prefault({}),
});

const Session = z.object({ sessionID: z.string() });

/** What opencode prints with `run --format json`, one JSON object a line. */
export const OpencodeLine = z.discriminatedUnion("type", [
  Session.extend({ type: z.literal("step_start") }),
  Session.extend({
    type: z.literal("text"),
    part: z.object({ text: z.string(), messageID: z.string().nullable().default(null) }),
  }),
  Session.extend({ type: z.literal("reasoning"), part: z.object({ text: z.string() }) }),
  Session.extend({
    type: z.literal("tool_use"),
    part: z.object({ tool: z.string(), callID: z.string(), state: ToolState }),
  }),
  Session.extend({
    type: z.literal("step_finish"),
    part: z.object({
      reason: z.string(),
      tokens: Counts,
      cost: z.number().min(0).max(MAX_DOLLARS).default(0),
    }),
  }),
  Session.extend({
    type: z.literal("error"),
    error: z.object({
      name: z.string(),
      data: z
        .object({
          message: z.string().optional(),
          statusCode: z.number().int().optional(),
          responseBody: z.string().optional(),
        })
        .prefault({}),
    }),
  }),
]);
export type OpencodeLine = z.infer<typeof OpencodeLine>;
