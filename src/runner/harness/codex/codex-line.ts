import { z } from "zod";

const Tokens = z.number().int().min(0).catch(0).default(0);

export const CodexUsage = z.object({
  /** What came from a cache or went to one included. */
  input_tokens: Tokens,
  cached_input_tokens: Tokens,
  cache_write_input_tokens: Tokens,
  output_tokens: Tokens,
  reasoning_output_tokens: Tokens,
});
export type CodexUsage = z.infer<typeof CodexUsage>;

const Status = z.string().catch("").default("");

const Item = z.union([
  z.object({ id: z.string(), type: z.literal("agent_message"), text: z.string() }),
  z.object({ id: z.string(), type: z.literal("reasoning"), text: z.string() }),
  z.object({
    id: z.string(),
    type: z.literal("command_execution"),
    command: z.string(),
    aggregated_output: z.string().catch("").default(""),
    exit_code: z.number().int().nullable().catch(null).default(null),
    status: Status,
  }),
  z.object({
    id: z.string(),
    type: z.literal("file_change"),
    changes: z.array(z.object({ path: z.string(), kind: z.string().catch("update") })),
    status: Status,
  }),
  z.object({
    id: z.string(),
    type: z.literal("mcp_tool_call"),
    server: z.string(),
    tool: z.string(),
    arguments: z.json().catch(null).default(null),
    result: z
      .object({ content: z.array(z.unknown()) })
      .nullable()
      .catch(null)
      .default(null),
    error: z.object({ message: z.string() }).nullable().catch(null).default(null),
    status: Status,
  }),
  z.object({ id: z.string(), type: z.literal("web_search"), query: z.string() }),
  /** A warning, whatever its name says. */
  z.object({ id: z.string(), type: z.literal("error"), message: z.string() }),
]);
export type Item = z.infer<typeof Item>;

/** A line of `codex exec --json`, as far as it is read. */
export const CodexLine = z.union([
  z.object({ type: z.literal("thread.started"), thread_id: z.string() }),
  z.object({ type: z.literal("item.started"), item: Item }),
  z.object({ type: z.literal("item.completed"), item: Item }),
  z.object({ type: z.literal("turn.completed"), usage: CodexUsage }),
  z.object({ type: z.literal("turn.failed"), error: z.object({ message: z.string() }) }),
  z.object({ type: z.literal("error"), message: z.string() }),
]);
export type CodexLine = z.infer<typeof CodexLine>;
