import type { RequestFailure, ResponseHeaders } from "./request-failure.ts";

/** Without a `retry-after`, GitHub asks to wait at least a minute after a secondary limit. */
const SECONDARY_LIMIT_WAIT_MS = 60_000;

/** `resource` is GitHub's name of the budget (`core`, `graphql`, …), `null` for all of them. */
export type Limit = { readonly resource: string | null; readonly until: Date };

/**
 * The limit that a refusal tells of, or null when it was refused for another reason.
 * Rules: https://docs.github.com/en/rest/using-the-rest-api/rate-limits-for-the-rest-api
 */
export function limitInRefusal(failure: RequestFailure, now: Date): Limit | null {
  const { response } = failure;
  if (response === undefined || (failure.status !== 403 && failure.status !== 429)) return null;
  const retryAfterMs = secondsIn(response.headers, "retry-after");
  if (retryAfterMs !== null) return { resource: null, until: new Date(now.getTime() + retryAfterMs) };
  const spent = limitInHeaders(response.headers, now);
  if (spent !== null) return spent;
  if (failure.status === 429 || isSecondaryLimit(response.data)) {
    return { resource: null, until: new Date(now.getTime() + SECONDARY_LIMIT_WAIT_MS) };
  }
  return null;
}

/** The limit that any answer tells of once the budget is used up: asking again before its reset is in vain. */
export function limitInHeaders(headers: ResponseHeaders, now: Date): Limit | null {
  if (String(headers["x-ratelimit-remaining"] ?? "") !== "0") return null;
  const resetMs = secondsIn(headers, "x-ratelimit-reset");
  if (resetMs === null || resetMs <= now.getTime()) return null;
  return { resource: String(headers["x-ratelimit-resource"] ?? "core"), until: new Date(resetMs) };
}

/** GraphQL answers 200 with an error of this type when its budget is used up. */
export function isGraphqlLimit(data: unknown): boolean {
  if (typeof data !== "object" || data === null || !("errors" in data) || !Array.isArray(data.errors))
    return false;
  return data.errors.some((error: unknown) => (error as { type?: unknown } | null)?.type === "RATE_LIMITED");
}

/** A secondary limit has no code of its own: its documentation link and, before that, its words tell it apart. */
function isSecondaryLimit(data: unknown): boolean {
  const { message, documentation_url: link } = (data ?? {}) as {
    message?: unknown;
    documentation_url?: unknown;
  };
  return [message, link].some((text) => typeof text === "string" && /secondary[- ]rate/i.test(text));
}

function secondsIn(headers: ResponseHeaders, name: string): number | null {
  const seconds = Number.parseFloat(String(headers[name] ?? ""));
  return Number.isFinite(seconds) ? seconds * 1_000 : null;
}
