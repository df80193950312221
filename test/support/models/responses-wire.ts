import { z } from "zod";
import type { Failure } from "./script.ts";
import { serverSentEvents } from "./server-sent-events.ts";
import type { Asked, SpokenReply, Wire } from "./wire.ts";

const Tools = z.array(z.object({ name: z.string().optional(), type: z.string() })).default([]);

const Body = z.object({
  model: z.string(),
  stream: z.boolean().default(false),
  tools: Tools,
  /** Some models are given their tools among their messages. */
  input: z.array(z.object({ tools: Tools.optional() })).default([]),
});

/** OpenAI's Responses API (https://platform.openai.com/docs/api-reference/responses-streaming). */
export const RESPONSES_WIRE: Wire = {
  protocol: "responses",
  ask({ method, path, headers, body }) {
    if (method !== "POST" || !/^(?:\/v1)?\/responses(?:\?|$)/.test(path)) return null;
    const parsed = Body.safeParse(body);
    if (!parsed.success) return null;
    const { model, stream, tools, input } = parsed.data;
    const offered = [...tools, ...input.flatMap((item) => item.tools ?? [])];
    return {
      model,
      key: /^Bearer (.+)$/.exec(String(headers["authorization"] ?? ""))?.[1] ?? null,
      tools: offered.map(({ name, type }) => name ?? type),
      isStreamed: stream,
    };
  },
  answerOther: ({ method, path }) =>
    method === "GET" && /^(?:\/v1)?\/models(?:\?|$)/.test(path)
      ? { status: 200, body: '{"object":"list","data":[]}' }
      : null,
  speak(reply, asked) {
    const response = responseOf(reply, asked);
    return asked.isStreamed ? serverSentEvents(eventsOf(response)) : [JSON.stringify(response)];
  },
  fail(failure, { model }) {
    const { status, error } = FAILURES[failure];
    const message = error.message.replace("{model}", model);
    const body = JSON.stringify({ error: { ...error, message, param: null } });
    return { status, body, headers: status === 429 ? { "retry-after": "0" } : {} };
  },
};

type Item = { readonly type: string; readonly id: string; readonly [key: string]: unknown };

type Response = { readonly output: readonly Item[]; readonly [key: string]: unknown };

function responseOf(reply: SpokenReply, { model }: Asked): Response {
  const { usage, number } = reply;
  const inputTokens = usage.input + usage.cacheRead + usage.cacheWrite;
  return {
    id: `resp_${number}`,
    object: "response",
    status: "completed",
    model,
    output: itemsOf(reply),
    usage: {
      input_tokens: inputTokens,
      input_tokens_details: { cached_tokens: usage.cacheRead, cache_write_tokens: usage.cacheWrite },
      output_tokens: usage.output,
      output_tokens_details: { reasoning_tokens: usage.reasoning },
      total_tokens: inputTokens + usage.output,
    },
  };
}

function itemsOf(reply: SpokenReply): readonly Item[] {
  const { think, number, calls } = reply;
  const said = reply.answer === undefined ? reply.say : JSON.stringify(reply.answer);
  const items: Item[] = [];
  if (think !== undefined) {
    const summary = [{ type: "summary_text", text: think }];
    items.push({ type: "reasoning", id: `rs_${number}`, summary, encrypted_content: "c2VhbGVk" });
  }
  if (said !== undefined) {
    const content = [{ type: "output_text", text: said, annotations: [] }];
    items.push({ type: "message", id: `msg_${number}`, role: "assistant", status: "completed", content });
  }
  for (const { id, name, namespace, input } of calls) {
    const call = { id: `item_${id}`, call_id: id, name, namespace, status: "completed" };
    if (typeof input === "string") items.push({ type: "custom_tool_call", ...call, input });
    else items.push({ type: "function_call", ...call, arguments: JSON.stringify(input) });
  }
  return items;
}

type ResponseEvent = { readonly type: string; readonly [key: string]: unknown };

function eventsOf(response: Response): readonly ResponseEvent[] {
  const begun = { ...response, status: "in_progress", output: [], usage: null };
  return [
    { type: "response.created", response: begun },
    ...response.output.flatMap((item, index) => [
      {
        type: "response.output_item.added",
        output_index: index,
        item: { ...item, content: [], summary: [] },
      },
      ...deltasOf(item, index),
      { type: "response.output_item.done", output_index: index, item },
    ]),
    { type: "response.completed", response },
  ].map((event, index) => ({ ...event, sequence_number: index }));
}

function deltasOf(item: Item, outputIndex: number): readonly ResponseEvent[] {
  if (item.type !== "message") return [];
  const [{ text }] = item["content"] as [{ text: string }];
  const place = { item_id: item.id, output_index: outputIndex, content_index: 0 };
  return [{ type: "response.output_text.delta", ...place, delta: text }];
}

const FAILURES: {
  readonly [Name in Exclude<Failure, "cut-off" | "hang">]: {
    readonly status: number;
    readonly error: { readonly message: string; readonly type: string; readonly code: string | null };
  };
} = {
  unauthorized: {
    status: 401,
    error: {
      message: "Incorrect API key provided.",
      type: "invalid_request_error",
      code: "invalid_api_key",
    },
  },
  "no-credit": {
    status: 429,
    error: {
      message: "You exceeded your current quota, please check your plan and billing details.",
      type: "insufficient_quota",
      code: "insufficient_quota",
    },
  },
  "rate-limited": {
    status: 429,
    error: { message: "Rate limit reached.", type: "tokens", code: "rate_limit_exceeded" },
  },
  "server-error": {
    status: 500,
    error: { message: "The server had an error.", type: "server_error", code: null },
  },
  overloaded: {
    status: 503,
    error: { message: "The server is overloaded.", type: "server_error", code: "server_is_overloaded" },
  },
  "unknown-model": {
    status: 404,
    error: {
      message: "The model `{model}` does not exist or you do not have access to it.",
      type: "invalid_request_error",
      code: "model_not_found",
    },
  },
  "context-too-long": {
    status: 400,
    error: {
      message: "Your input exceeds the context window of this model.",
      type: "invalid_request_error",
      code: "context_length_exceeded",
    },
  },
};
