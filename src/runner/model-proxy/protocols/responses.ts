import { countAt, objectAt, textAt, type JsonObject } from "../json.ts";
import { bearerKeys, type Observation, type Route, type WireProtocol } from "../wire-protocol.ts";
import { renderOpenAiRefusal } from "./openai-errors.ts";

/** Events with which a response is over, whichever way. */
const LAST_EVENTS: ReadonlySet<string> = new Set([
  "response.completed",
  "response.incomplete",
  "response.failed",
]);

/** OpenAI's Responses: https://developers.openai.com/api/reference/resources/responses */
export const RESPONSES: WireProtocol = {
  route(method, given): Route | null {
    // The upstream's address has the version in it, and so may ours.
    const path = given.replace(/^\/v1(?=\/)/, "");
    if (method === "POST" && path === "/responses") return { kind: "generation", path, model: null };
    if (method === "GET" && /^\/models(?:\/[\w.:-]+)?$/.test(path)) return { kind: "lookup", path };
    return null;
  },
  keysOf: bearerKeys,
  authorization: (key) => ({ authorization: `Bearer ${key}` }),
  renderRefusal: renderOpenAiRefusal,
  observe(message) {
    if (LAST_EVENTS.has(textAt(message, "type") ?? "")) return observeResponse(objectAt(message, "response"));
    return textAt(message, "object") === "response" ? observeResponse(objectAt(message)) : null;
  },
  mostOutput: (request) => countAt(request, "max_output_tokens"),
  askForUsage: (request) => request,
};

/** The input includes what came from the cache. */
function observeResponse(response: JsonObject | null): Observation | null {
  const model = textAt(response, "model");
  const usage = objectAt(response, "usage");
  if (usage === null) return model === null ? null : { model, tokens: {}, isFinal: false };
  const cacheRead = countAt(usage, "input_tokens_details", "cached_tokens") ?? 0;
  const cacheWrite = countAt(usage, "input_tokens_details", "cache_write_tokens") ?? 0;
  const tokens = {
    freshInput: Math.max(0, (countAt(usage, "input_tokens") ?? 0) - cacheRead - cacheWrite),
    cacheRead,
    cacheWrite,
    output: countAt(usage, "output_tokens") ?? 0,
    reasoning: countAt(usage, "output_tokens_details", "reasoning_tokens"),
  };
  return { model, tokens, isFinal: true };
}
