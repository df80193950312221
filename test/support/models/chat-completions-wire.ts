import { z } from "zod";
import type { Failure } from "./script.ts";
import type { Asked, SpokenReply, Wire } from "./wire.ts";

const Body = z.object({
  model: z.string(),
  stream: z.boolean().default(false),
  tools: z.array(z.object({ function: z.object({ name: z.string() }) })).default([]),
});

/** OpenAI's Chat Completions API (https://platform.openai.com/docs/api-reference/chat), which many others speak too. */
export const CHAT_COMPLETIONS_WIRE: Wire = {
  protocol: "chat-completions",
  ask({ method, path, headers, body }) {
    if (method !== "POST" || !/\/chat\/completions$/.test(path)) return null;
    const parsed = Body.safeParse(body);
    if (!parsed.success) return null;
    const { model, stream, tools } = parsed.data;
    return {
      model,
      key: /^Bearer (.+)$/.exec(String(headers["authorization"] ?? ""))?.[1] ?? null,
      tools: tools.map((tool) => tool.function.name),
      isStreamed: stream,
    };
  },
  answerOther: () => null,
  speak(reply, asked) {
    if (!asked.isStreamed) return [JSON.stringify(completionOf(reply, asked))];
    const chunks = chunksOf(reply, asked).map((chunk) => JSON.stringify(chunk));
    return [...chunks, "[DONE]"].map((data) => `data: ${data}\n\n`);
  },
  fail(failure) {
    const { status, ...error } = FAILURES[failure];
    return { status, body: JSON.stringify({ error: { param: null, ...error } }) };
  },
};

type ToolCall = {
  readonly id: string;
  readonly type: "function";
  readonly function: { readonly name: string; readonly arguments: string };
};

function callsOf({ calls }: SpokenReply): readonly ToolCall[] {
  return calls.map(({ id, name, input }) => ({
    id,
    type: "function",
    function: { name, arguments: JSON.stringify(input) },
  }));
}

function completionOf(reply: SpokenReply, { model }: Asked): unknown {
  const calls = callsOf(reply);
  const message = {
    role: "assistant",
    content: reply.say ?? null,
    ...(calls.length === 0 ? {} : { tool_calls: calls }),
  };
  return {
    id: `chatcmpl-${reply.number}`,
    object: "chat.completion",
    created: 1,
    model,
    choices: [{ index: 0, message, finish_reason: finishOf(reply) }],
    usage: usageOf(reply),
  };
}

/** Words come in two chunks, and the arguments of a call too, as they do in a real stream. */
function chunksOf(reply: SpokenReply, { model }: Asked): readonly unknown[] {
  const chunk = (choices: readonly unknown[], more: object = {}): unknown => ({
    id: `chatcmpl-${reply.number}`,
    object: "chat.completion.chunk",
    created: 1,
    model,
    choices,
    ...more,
  });
  const delta = (change: object): unknown => chunk([{ index: 0, delta: change, finish_reason: null }]);
  return [
    delta({ role: "assistant", content: "" }),
    ...(reply.think === undefined ? [] : [delta({ reasoning_content: reply.think })]),
    ...halves(reply.say ?? "").map((content) => delta({ content })),
    ...callsOf(reply).flatMap((call, index) => {
      const [first = "", ...rest] = halves(call.function.arguments);
      const opened = { ...call, index, function: { ...call.function, arguments: first } };
      return [
        delta({ tool_calls: [opened] }),
        ...rest.map((more) => delta({ tool_calls: [{ index, function: { arguments: more } }] })),
      ];
    }),
    chunk([{ index: 0, delta: {}, finish_reason: finishOf(reply) }]),
    chunk([], { usage: usageOf(reply) }),
  ];
}

function halves(text: string): readonly string[] {
  const half = Math.ceil(text.length / 2);
  return [text.slice(0, half), text.slice(half)].filter((part) => part !== "");
}

function finishOf({ calls }: SpokenReply): string {
  return calls.length === 0 ? "stop" : "tool_calls";
}

function usageOf({ usage }: SpokenReply): unknown {
  const prompt = usage.input + usage.cacheRead + usage.cacheWrite;
  return {
    prompt_tokens: prompt,
    completion_tokens: usage.output,
    total_tokens: prompt + usage.output,
    prompt_tokens_details: { cached_tokens: usage.cacheRead },
    completion_tokens_details: { reasoning_tokens: usage.reasoning },
  };
}

const FAILURES: {
  readonly [Name in Exclude<Failure, "cut-off" | "hang">]: {
    readonly status: number;
    readonly type: string;
    readonly code: string | null;
    readonly message: string;
  };
} = {
  unauthorized: {
    status: 401,
    type: "invalid_request_error",
    code: "invalid_api_key",
    message: "Incorrect API key provided.",
  },
  "no-credit": {
    status: 429,
    type: "insufficient_quota",
    code: "insufficient_quota",
    message: "You exceeded your current quota, please check your plan and billing details.",
  },
  "rate-limited": {
    status: 429,
    type: "requests",
    code: "rate_limit_exceeded",
    message: "Rate limit reached for requests per minute.",
  },
  "server-error": {
    status: 500,
    type: "server_error",
    code: null,
    message: "The server had an error while processing your request.",
  },
  overloaded: {
    status: 503,
    type: "server_error",
    code: null,
    message: "The engine is currently overloaded, please try again later.",
  },
  "unknown-model": {
    status: 404,
    type: "invalid_request_error",
    code: "model_not_found",
    message: "The model does not exist or you do not have access to it.",
  },
  "context-too-long": {
    status: 400,
    type: "invalid_request_error",
    code: "context_length_exceeded",
    message: "This model's maximum context length is 128000 tokens.",
  },
};
