import { z } from "zod";

const Tokens = z.number().int().min(0).catch(0);

const Text = z.object({ type: z.literal("text"), text: z.string() });

const ToolResult = z.object({
  type: z.literal("tool_result"),
  tool_use_id: z.string(),
  content: z.union([z.string(), z.array(z.unknown())]).catch(""),
  is_error: z.boolean().catch(false).default(false),
});

const Unknown = z.object({ type: z.string().catch("") }).transform(() => ({ type: "unknown" as const }));

const AssistantBlock = z.union([
  Text,
  z.object({ type: z.literal("thinking"), thinking: z.string() }),
  z.object({ type: z.literal("tool_use"), id: z.string(), name: z.string(), input: z.json().catch(null) }),
  Unknown,
]);

const Hunk = z.object({
  oldStart: z.number(),
  oldLines: z.number(),
  newStart: z.number(),
  newLines: z.number(),
  lines: z.array(z.string()),
});
type Hunk = z.infer<typeof Hunk>;

/** What a tool did, for programs: a text where it failed. */
const ToolUseResult = z.object({
  filePath: z.string().optional().catch(undefined),
  structuredPatch: z.array(Hunk).optional().catch(undefined),
});
export type ToolUseResult = z.infer<typeof ToolUseResult>;

const ModelUsage = z.object({
  inputTokens: Tokens.default(0),
  outputTokens: Tokens.default(0),
  cacheReadInputTokens: Tokens.default(0),
  cacheCreationInputTokens: Tokens.default(0),
});
export type ModelUsage = z.infer<typeof ModelUsage>;

const ResultLine = z.object({
  type: z.literal("result"),
  subtype: z.string(),
  is_error: z.boolean().catch(false),
  api_error_status: z.number().int().nullable().catch(null).default(null),
  num_turns: z.number().int().min(0).nullable().catch(null).default(null),
  result: z.string().nullable().catch(null).default(null),
  stop_reason: z.string().nullable().catch(null).default(null),
  terminal_reason: z.string().nullable().catch(null).default(null),
  session_id: z.string().nullable().catch(null).default(null),
  total_cost_usd: z.number().min(0).nullable().catch(null).default(null),
  modelUsage: z.record(z.string(), ModelUsage).catch({}).default({}),
  permission_denials: z
    .array(z.object({ tool_name: z.string(), tool_input: z.json().catch(null) }))
    .catch([])
    .default([]),
  structured_output: z.json().catch(null).default(null),
  errors: z.array(z.string()).catch([]).default([]),
});
export type ResultLine = z.infer<typeof ResultLine>;

/** A line of `claude -p --output-format stream-json --verbose`, as far as it is read. */
export const ClaudeLine = z.union([
  z.object({ type: z.literal("system"), subtype: z.literal("init"), session_id: z.string() }),
  z.object({
    type: z.literal("system"),
    subtype: z.literal("api_retry"),
    attempt: z.number().int().min(1),
    max_retries: z.number().int().nullable().catch(null).default(null),
    retry_delay_ms: z.number().min(0).catch(0),
    error_status: z.number().int().nullable().catch(null).default(null),
  }),
  z.object({
    type: z.literal("assistant"),
    message: z.object({
      id: z.string().nullable().catch(null),
      model: z.string().nullable().catch(null),
      content: z.array(AssistantBlock),
    }),
    /** Why the program speaks instead of the model. */
    error: z.string().optional().catch(undefined),
  }),
  z.object({
    type: z.literal("user"),
    message: z.object({ content: z.array(z.union([ToolResult, Unknown])) }),
    tool_use_result: ToolUseResult.optional().catch(undefined),
  }),
  ResultLine,
]);
export type ClaudeLine = z.infer<typeof ClaudeLine>;
