import { err } from "../../../base/result.ts";
import { contains, describeTool, isRemote, REMOTE_SOURCE, withholdTools } from "../confine-request.ts";
import { countAt, listAt, objectAt, textAt, type JsonObject } from "../json.ts";
import { bearerKeys, type Observation, type Route, type WireProtocol } from "../wire-protocol.ts";
import { renderOpenAiRefusal } from "./openai-errors.ts";

/** Events with which a response is over, whichever way. */
const LAST_EVENTS: ReadonlySet<string> = new Set([
  "response.completed",
  "response.incomplete",
  "response.failed",
]);

const ASKED_AGAIN: ReadonlySet<number> = new Set([402, 403, 413]);

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
  renderRefusal: (refusal) => {
    const rendered = renderOpenAiRefusal(refusal);
    // Codex asks again after any status of a request that it could mend, but for this one.
    return ASKED_AGAIN.has(rendered.status) ? { ...rendered, status: 400 } : rendered;
  },
  observe(message) {
    if (LAST_EVENTS.has(textAt(message, "type") ?? "")) return observeResponse(objectAt(message, "response"));
    return textAt(message, "object") === "response" ? observeResponse(objectAt(message)) : null;
  },
  mostOutput: (request) => countAt(request, "max_output_tokens"),
  confine(request) {
    if (request["background"] === true)
      return err("An answer in the background, whose tokens nobody would count,");
    const input = request["input"];
    // Some models are given more tools in the course of the conversation.
    const later = listAt(input).flatMap((item) => listAt(item, "tools"));
    const hosted = later.map(nameHosted).find((name) => name !== null);
    if (hosted !== undefined) return err(describeTool(hosted));
    const hasRemote = contains(input, ({ image_url, file_url }) => isRemote(image_url) || isRemote(file_url));
    return hasRemote ? err(REMOTE_SOURCE) : withholdTools(request, nameHosted);
  },
  askForUsage: (request) => request,
};

/** Tools that the agent's program runs. */
const LOCAL_TOOLS: ReadonlySet<string> = new Set([
  "function",
  "custom",
  "local_shell",
  "apply_patch",
  "tool_search",
]);

function nameHosted(tool: unknown): string | null {
  const type = textAt(tool, "type") ?? "nameless";
  if (LOCAL_TOOLS.has(type)) return null;
  if (type === "namespace")
    return (
      listAt(tool, "tools")
        .map(nameHosted)
        .find((name) => name !== null) ?? null
    );
  return type;
}

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
