import { err } from "../../../base/result.ts";
import { contains, describeTool, isRemote, REMOTE_SOURCE, withholdTools } from "../confine-request.ts";
import { countAt, objectAt, textAt, valueAt, type JsonObject } from "../json.ts";
import { bearerKeys, type Route, type WireProtocol } from "../wire-protocol.ts";
import { renderOpenAiRefusal } from "./openai-errors.ts";

/** OpenAI's Chat Completions, which most other vendors speak too: https://developers.openai.com/api/reference/resources/chat */
export const CHAT_COMPLETIONS: WireProtocol = {
  route(method, given): Route | null {
    // The upstream's address has the version in it, and so may ours.
    const path = given.replace(/^\/v1(?=\/)/, "");
    if (method === "POST" && path === "/chat/completions") return { kind: "generation", path, model: null };
    if (method === "GET" && /^\/models(?:\/[\w.:/-]+)?$/.test(path) && !path.includes(".."))
      return { kind: "lookup", path };
    return null;
  },
  keysOf: bearerKeys,
  authorization: (key) => ({ authorization: `Bearer ${key}` }),
  renderRefusal: renderOpenAiRefusal,
  observe(message) {
    const model = textAt(message, "model");
    const usage = objectAt(message, "usage");
    if (usage === null) return model === null ? null : { model, tokens: {}, isFinal: false };
    const details = objectAt(usage, "prompt_tokens_details");
    const cacheRead = countAt(details, "cached_tokens") ?? countAt(usage, "prompt_cache_hit_tokens") ?? 0;
    const cacheWrite = countAt(details, "cache_write_tokens") ?? 0;
    const tokens = {
      freshInput: Math.max(0, (countAt(usage, "prompt_tokens") ?? 0) - cacheRead - cacheWrite),
      cacheRead,
      cacheWrite,
      output: countAt(usage, "completion_tokens") ?? 0,
      reasoning: countAt(usage, "completion_tokens_details", "reasoning_tokens"),
    };
    return { model, tokens, isFinal: true };
  },
  mostOutput(request) {
    const each = countAt(request, "max_completion_tokens") ?? countAt(request, "max_tokens");
    return each === null ? null : each * (countAt(request, "n") ?? 1);
  },
  confine(request) {
    const hosted = ["web_search_options", "plugins"].find((name) => valueAt(request, name) != null);
    if (hosted !== undefined) return err(describeTool(hosted));
    const hasRemote = contains(request["messages"], (part) =>
      ["image_url", "video_url", "file"].some((name) => hasRemoteAddress(part[name])),
    );
    return hasRemote ? err(REMOTE_SOURCE) : withholdTools(request, nameHosted);
  },
  askForUsage: (request) => (request["stream"] === true ? withUsageOfStream(request) : request),
};

function hasRemoteAddress(part: unknown): boolean {
  return [part, valueAt(part, "url"), valueAt(part, "file_data")].some(isRemote);
}

function nameHosted(tool: unknown): string | null {
  const type = textAt(tool, "type") ?? "nameless";
  return type === "function" || type === "custom" ? null : type;
}

function withUsageOfStream(request: JsonObject): JsonObject {
  const options = objectAt(request, "stream_options");
  return options?.["include_usage"] === true
    ? request
    : { ...request, stream_options: { ...options, include_usage: true } };
}
