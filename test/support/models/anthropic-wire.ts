import { z } from "zod";
import type { Failure } from "./script.ts";
import { serverSentEvents } from "./server-sent-events.ts";
import type { Answer, Asked, SpokenReply, Wire } from "./wire.ts";

const Body = z.object({
  model: z.string(),
  stream: z.boolean().default(false),
  tools: z.array(z.object({ name: z.string() })).default([]),
});

/** Anthropic's Messages API (https://docs.claude.com/en/api/messages-streaming). */
export const ANTHROPIC_WIRE: Wire = {
  protocol: "anthropic",
  ask({ method, path, headers, body }) {
    if (method !== "POST" || !/^\/v1\/messages(?:\?|$)/.test(path)) return null;
    const parsed = Body.safeParse(body);
    if (!parsed.success) return null;
    const { model, stream, tools } = parsed.data;
    const bearer = /^Bearer (.+)$/.exec(String(headers["authorization"] ?? ""))?.[1] ?? null;
    const key = headers["x-api-key"] === undefined ? bearer : String(headers["x-api-key"]);
    return { model, key, tools: tools.map(({ name }) => name), isStreamed: stream };
  },
  answerOther({ method, path }) {
    if (method === "HEAD" || method === "GET") return { status: 200, body: "" };
    return path.startsWith("/v1/messages/count_tokens")
      ? { status: 200, body: '{"input_tokens":100}' }
      : null;
  },
  speak(reply, asked) {
    const message = messageOf(reply, asked);
    return asked.isStreamed ? serverSentEvents(eventsOf(message, reply)) : [JSON.stringify(message)];
  },
  fail(failure) {
    const { status, type, message } = FAILURES[failure];
    const body = JSON.stringify({ type: "error", error: { type, message }, request_id: "req_1" });
    const headers: Answer["headers"] = status === 429 ? { "retry-after": "0" } : {};
    return { status, headers, body };
  },
};

type Block = { readonly type: string; readonly [key: string]: unknown };

function messageOf(
  reply: SpokenReply,
  { model }: Asked,
): { readonly [key: string]: unknown } & {
  readonly content: readonly Block[];
  readonly stop_reason: string;
} {
  const { usage, answer } = reply;
  const calls =
    answer === undefined
      ? reply.calls
      : [...reply.calls, { id: `call_${reply.number}_answer`, name: "StructuredOutput", input: answer }];
  const content: Block[] = [];
  if (reply.think !== undefined) {
    content.push({ type: "thinking", thinking: reply.think, signature: "c2lnbmVk" });
  }
  if (reply.say !== undefined) content.push({ type: "text", text: reply.say });
  for (const { id, name, input } of calls) content.push({ type: "tool_use", id: `toolu_${id}`, name, input });
  return {
    id: `msg_${reply.number}`,
    type: "message",
    role: "assistant",
    model,
    content,
    stop_reason: calls.length === 0 ? "end_turn" : "tool_use",
    stop_sequence: null,
    usage: {
      input_tokens: usage.input,
      cache_creation_input_tokens: usage.cacheWrite,
      cache_read_input_tokens: usage.cacheRead,
      output_tokens: usage.output,
    },
  };
}

type MessageEvent = { readonly type: string; readonly [key: string]: unknown };

function eventsOf(message: ReturnType<typeof messageOf>, { usage }: SpokenReply): readonly MessageEvent[] {
  const begun = { ...message, content: [], stop_reason: null };
  return [
    { type: "message_start", message: begun },
    ...message.content.flatMap((block, index) => [
      { type: "content_block_start", index, content_block: emptied(block) },
      ...deltasOf(block).map((delta) => ({ type: "content_block_delta", index, delta })),
      { type: "content_block_stop", index },
    ]),
    {
      type: "message_delta",
      delta: { stop_reason: message.stop_reason, stop_sequence: null },
      usage: { output_tokens: usage.output },
    },
    { type: "message_stop" },
  ];
}

function emptied(block: Block): Block {
  if (block.type === "text") return { ...block, text: "" };
  if (block.type === "thinking") return { ...block, thinking: "", signature: "" };
  return { ...block, input: {} };
}

function deltasOf(block: Block): readonly Block[] {
  if (block.type === "text") return [{ type: "text_delta", text: block["text"] }];
  if (block.type === "thinking") {
    return [
      { type: "thinking_delta", thinking: block["thinking"] },
      { type: "signature_delta", signature: block["signature"] },
    ];
  }
  return [{ type: "input_json_delta", partial_json: JSON.stringify(block["input"]) }];
}

const FAILURES: {
  readonly [Name in Exclude<Failure, "cut-off" | "hang">]: {
    readonly status: number;
    readonly type: string;
    readonly message: string;
  };
} = {
  unauthorized: { status: 401, type: "authentication_error", message: "invalid x-api-key" },
  "no-credit": {
    status: 400,
    type: "invalid_request_error",
    message: "Your credit balance is too low to access the Anthropic API.",
  },
  "rate-limited": { status: 429, type: "rate_limit_error", message: "This would exceed your rate limit." },
  "server-error": { status: 500, type: "api_error", message: "Internal server error" },
  overloaded: { status: 529, type: "overloaded_error", message: "Overloaded" },
  "unknown-model": { status: 404, type: "not_found_error", message: "model: no such model" },
  "context-too-long": {
    status: 400,
    type: "invalid_request_error",
    message: "prompt is too long: 250000 tokens > 200000 maximum",
  },
};
