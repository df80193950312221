import { err } from "../../../base/result.ts";
import { contains, REMOTE_SOURCE, withholdTools } from "../confine-request.ts";
import { countAt, listAt, objectAt, textAt, type JsonObject } from "../json.ts";
import type { TokenCount } from "../token-count.ts";
import {
  bearerKeys,
  REFUSAL_STATUS,
  type Observation,
  type RefusalReason,
  type Route,
  type WireProtocol,
} from "../wire-protocol.ts";

const ERROR_TYPES: { readonly [Reason in RefusalReason]: string } = {
  "no-route": "not_found_error",
  "wrong-key": "authentication_error",
  malformed: "invalid_request_error",
  "too-large": "request_too_large",
  model: "not_found_error",
  "not-allowed": "permission_error",
  budget: "billing_error",
  unreachable: "api_error",
  busy: "overloaded_error",
};

/** Anthropic's Messages: https://platform.claude.com/docs/en/api/messages */
export const ANTHROPIC: WireProtocol = {
  route(method, path): Route | null {
    // Claude Code sends a HEAD before its first message.
    if (path === "/" && (method === "HEAD" || method === "GET")) return { kind: "greeting" };
    if (method === "POST" && path === "/v1/messages") return { kind: "generation", path, model: null };
    if (method === "POST" && path === "/v1/messages/count_tokens") return { kind: "lookup", path };
    if (method === "GET" && /^\/v1\/models(?:\/[\w.:-]+)?$/.test(path)) return { kind: "lookup", path };
    return null;
  },
  keysOf: (headers) => {
    const key = headers["x-api-key"];
    return [...(typeof key === "string" ? [key] : []), ...bearerKeys(headers)];
  },
  authorization: (key, kind) =>
    kind === "api-key" ? { "x-api-key": key } : { authorization: `Bearer ${key}` },
  renderRefusal: ({ reason, message }) => ({
    status: REFUSAL_STATUS[reason],
    body: { type: "error", error: { type: ERROR_TYPES[reason], message } },
  }),
  observe(message) {
    switch (textAt(message, "type")) {
      case "message_start":
        return observeUsage(
          objectAt(message, "message", "usage"),
          textAt(message, "message", "model"),
          false,
        );
      case "message_delta":
        return observeUsage(objectAt(message, "usage"), null, true);
      case "message":
        return observeUsage(objectAt(message, "usage"), textAt(message, "model"), true);
      default:
        return null;
    }
  },
  mostOutput: (request) => countAt(request, "max_tokens"),
  confine(request) {
    if (listAt(request, "mcp_servers").length > 0) return err("The vendor's own connection to MCP servers");
    const hasRemote = contains(request["messages"], ({ source }) => textAt(source, "type") === "url");
    return hasRemote ? err(REMOTE_SOURCE) : withholdTools(request, nameHosted);
  },
  askForUsage: (request) => request,
};

/** Tools of a type of their own are known to the vendor, and these of them are run by the agent's program. */
const LOCAL_TOOLS = /^(?:custom|(?:bash|text_editor|computer|memory)_\d+|tool_search_tool_\w+)$/;

function nameHosted(tool: unknown): string | null {
  const type = textAt(tool, "type") ?? "custom";
  return LOCAL_TOOLS.test(type) ? null : type;
}

/** Figures are of the whole answer so far; what a later event leaves out stands as an earlier one said it. */
function observeUsage(usage: JsonObject | null, model: string | null, isFinal: boolean): Observation | null {
  if (usage === null) return model === null ? null : { model, tokens: {}, isFinal: false };
  const figures = {
    freshInput: countAt(usage, "input_tokens"),
    cacheRead: countAt(usage, "cache_read_input_tokens"),
    cacheWrite: countAt(usage, "cache_creation_input_tokens"),
    longCacheWrite: countAt(usage, "cache_creation", "ephemeral_1h_input_tokens"),
    output: countAt(usage, "output_tokens"),
  };
  const said = Object.entries(figures).filter(([, figure]) => figure !== null);
  const tokens = Object.fromEntries(said) as Partial<TokenCount>;
  return { model, tokens, isFinal: isFinal && figures.output !== null };
}
