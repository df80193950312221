import type { IncomingHttpHeaders, OutgoingHttpHeaders } from "node:http";

/**
 * What of a request's headers the vendor gets. A list of what may pass, since others could name another account, or
 * another method than the one that was looked at.
 */
const REQUEST_HEADERS =
  /^(?:accept|content-type|user-agent|anthropic-(?:version|beta)|openai-beta|originator|(?:session|conversation|thread)[_-]id|x-app|x-stainless-[\w-]+|x-codex-[\w-]+|x-claude-code-[\w-]+|x-goog-api-client|x-client-request-id|idempotency-key)$/;

export function forwardedRequestHeaders(headers: IncomingHttpHeaders): Record<string, string> {
  const forwarded: Record<string, string> = {};
  for (const [name, value] of Object.entries(headers)) {
    if (typeof value === "string" && REQUEST_HEADERS.test(name)) forwarded[name] = value;
  }
  // What is counted has to be readable.
  return { ...forwarded, "accept-encoding": "identity" };
}

/** Between two neighbours only (RFC 9110, 7.6.1), or about bytes that we may have changed. */
const NOT_PASSED_ON: ReadonlySet<string> = new Set([
  "connection",
  "keep-alive",
  "proxy-authenticate",
  "proxy-authentication-info",
  "te",
  "trailer",
  "transfer-encoding",
  "upgrade",
  "content-encoding",
  "set-cookie",
  "set-cookie2",
]);

/** What of an answer's headers the agent's program gets, without the real key, should an upstream repeat it. */
export function forwardedAnswerHeaders(headers: IncomingHttpHeaders, key: string): OutgoingHttpHeaders {
  const named = (headers.connection ?? "").split(",").map((name) => name.trim().toLowerCase());
  const isDecoded = headers["content-encoding"] !== undefined;
  const kept = Object.entries(headers).filter(
    ([name]) =>
      !NOT_PASSED_ON.has(name) && !named.includes(name) && !(isDecoded && name === "content-length"),
  );
  const scrub = (text: string): string => text.replaceAll(key, "*".repeat(key.length));
  return Object.fromEntries(
    kept.map(([name, value]) => [name, Array.isArray(value) ? value.map(scrub) : scrub(value ?? "")]),
  );
}
