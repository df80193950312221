import { err } from "../../../base/result.ts";
import { contains, REMOTE_SOURCE, withholdTools } from "../confine-request.ts";
import { asObject, countAt, objectAt, textAt } from "../json.ts";
import {
  bearerKeys,
  REFUSAL_STATUS,
  type RefusalReason,
  type Route,
  type WireProtocol,
} from "../wire-protocol.ts";

const STATUSES: { readonly [Reason in RefusalReason]: string } = {
  "no-route": "NOT_FOUND",
  "wrong-key": "UNAUTHENTICATED",
  malformed: "INVALID_ARGUMENT",
  "too-large": "INVALID_ARGUMENT",
  model: "NOT_FOUND",
  "not-allowed": "PERMISSION_DENIED",
  budget: "FAILED_PRECONDITION",
  unreachable: "UNAVAILABLE",
  busy: "UNAVAILABLE",
};

/** Google's Gemini API: https://ai.google.dev/api/generate-content */
export const GEMINI: WireProtocol = {
  route(method, path): Route | null {
    const asked = /^\/v1(?:beta|alpha)?\/models\/([\w.-]+):(\w+)$/.exec(path);
    if (method === "POST" && asked !== null) {
      const [, model, action] = asked;
      if (action === "generateContent" || action === "streamGenerateContent")
        return { kind: "generation", path, model: model ?? null };
      return action === "countTokens" ? { kind: "lookup", path } : null;
    }
    if (method === "GET" && /^\/v1(?:beta|alpha)?\/models(?:\/[\w.-]+)?$/.test(path))
      return { kind: "lookup", path };
    return null;
  },
  keysOf(headers, query) {
    const key = headers["x-goog-api-key"];
    return [...(typeof key === "string" ? [key] : []), ...query.getAll("key"), ...bearerKeys(headers)];
  },
  authorization: (key) => ({ "x-goog-api-key": key }),
  renderRefusal: ({ reason, message }) => ({
    status: REFUSAL_STATUS[reason],
    body: { error: { code: REFUSAL_STATUS[reason], message, status: STATUSES[reason] } },
  }),
  observe(message) {
    const model = textAt(message, "modelVersion");
    const usage = objectAt(message, "usageMetadata");
    if (usage === null) return model === null ? null : { model, tokens: {}, isFinal: false };
    const cacheRead = countAt(usage, "cachedContentTokenCount") ?? 0;
    const input =
      (countAt(usage, "promptTokenCount") ?? 0) + (countAt(usage, "toolUsePromptTokenCount") ?? 0);
    const reasoning = countAt(usage, "thoughtsTokenCount");
    const tokens = {
      freshInput: Math.max(0, input - cacheRead),
      cacheRead,
      output: (countAt(usage, "candidatesTokenCount") ?? 0) + (reasoning ?? 0),
      reasoning,
    };
    // Every part of a stream has the figures so far.
    return { model, tokens, isFinal: true };
  },
  mostOutput(request) {
    const each = countAt(request, "generationConfig", "maxOutputTokens");
    return each === null ? null : each * (countAt(request, "generationConfig", "candidateCount") ?? 1);
  },
  confine(request) {
    const hasRemote = contains(request, (part) => asObject(part["fileData"] ?? part["file_data"]) !== null);
    return hasRemote ? err(REMOTE_SOURCE) : withholdTools(request, nameHosted);
  },
  askForUsage: (request) => request,
};

/** All but the declarations of the agent's own functions is run by Google. */
function nameHosted(tool: unknown): string | null {
  const names = Object.keys(asObject(tool) ?? {});
  return names.find((name) => name !== "functionDeclarations" && name !== "function_declarations") ?? null;
}
