import { z } from "zod";
import type { Failure } from "./script.ts";
import type { Asked, SpokenReply, Wire } from "./wire.ts";

const Body = z.object({
  tools: z
    .array(z.object({ functionDeclarations: z.array(z.object({ name: z.string() })).default([]) }))
    .default([]),
});

/** Google's Gemini API (https://ai.google.dev/api/generate-content). */
export const GEMINI_WIRE: Wire = {
  protocol: "gemini",
  ask({ method, path, headers, body }) {
    const url = new URL(path, "http://model.invalid");
    const call = /\/models\/([^/:]+):(generateContent|streamGenerateContent)$/.exec(url.pathname);
    const parsed = Body.safeParse(body);
    if (method !== "POST" || call === null || !parsed.success) return null;
    const key = headers["x-goog-api-key"] ?? url.searchParams.get("key");
    return {
      model: call[1] ?? "",
      key: typeof key === "string" ? key : null,
      tools: parsed.data.tools.flatMap(({ functionDeclarations }) =>
        functionDeclarations.map(({ name }) => name),
      ),
      isStreamed: call[2] === "streamGenerateContent",
    };
  },
  answerOther({ path }) {
    return path.includes(":countTokens") ? { status: 200, body: '{"totalTokens":100}' } : null;
  },
  speak(reply, asked) {
    const parts = partsOf(reply);
    if (!asked.isStreamed) return [JSON.stringify(responseOf(parts, reply, asked, "STOP"))];
    return parts.map((part, index) => {
      const reason = index === parts.length - 1 ? "STOP" : null;
      return `data: ${JSON.stringify(responseOf([part], reply, asked, reason))}\r\n\r\n`;
    });
  },
  fail(failure) {
    const { code, status, message } = FAILURES[failure];
    return { status: code, body: JSON.stringify({ error: { code, message, status } }) };
  },
};

type Part = Readonly<Record<string, unknown>>;

/** Words come in two parts, as they do in a real stream. */
function partsOf({ think, say, calls }: SpokenReply): readonly Part[] {
  const words = say ?? "";
  const half = Math.ceil(words.length / 2);
  return [
    ...(think === undefined ? [] : [{ text: think, thought: true }]),
    ...[words.slice(0, half), words.slice(half)].filter((text) => text !== "").map((text) => ({ text })),
    ...calls.map(({ name, input }) => ({ functionCall: { name, args: input } })),
  ];
}

function responseOf(
  parts: readonly Part[],
  { usage, number }: SpokenReply,
  { model }: Asked,
  finishReason: string | null,
): unknown {
  const prompt = usage.input + usage.cacheRead + usage.cacheWrite;
  return {
    candidates: [
      { index: 0, content: { role: "model", parts }, ...(finishReason === null ? {} : { finishReason }) },
    ],
    usageMetadata: {
      promptTokenCount: prompt,
      cachedContentTokenCount: usage.cacheRead,
      candidatesTokenCount: usage.output - usage.reasoning,
      thoughtsTokenCount: usage.reasoning,
      totalTokenCount: prompt + usage.output,
    },
    modelVersion: model,
    responseId: `response_${number}`,
  };
}

const FAILURES: {
  readonly [Name in Exclude<Failure, "cut-off" | "hang">]: {
    readonly code: number;
    readonly status: string;
    readonly message: string;
  };
} = {
  unauthorized: {
    code: 401,
    status: "UNAUTHENTICATED",
    message: "Request had invalid authentication credentials.",
  },
  "no-credit": {
    code: 403,
    status: "PERMISSION_DENIED",
    message: "This API method requires billing to be enabled. Please enable billing on project #1.",
  },
  "rate-limited": {
    code: 429,
    status: "RESOURCE_EXHAUSTED",
    message: "Resource has been exhausted (e.g. check quota).",
  },
  "server-error": { code: 500, status: "INTERNAL", message: "An internal error has occurred." },
  overloaded: {
    code: 503,
    status: "UNAVAILABLE",
    message: "The model is overloaded. Please try again later.",
  },
  "unknown-model": {
    code: 404,
    status: "NOT_FOUND",
    message: "models/no-such-model is not found for API version v1beta.",
  },
  "context-too-long": {
    code: 400,
    status: "INVALID_ARGUMENT",
    message: "The input token count (1250000) exceeds the maximum number of tokens allowed (1048576).",
  },
};
