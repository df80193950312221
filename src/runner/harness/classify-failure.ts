import type { SessionError } from "../../contract/session-event.ts";

type ErrorClass = SessionError["class"];

/** Which failures go away by themselves: the provider is to blame for them, and not the work. */
const RETRYABLE: ReadonlySet<ErrorClass> = new Set(["rate_limit", "overloaded", "server", "network"]);

export function isRetryable(errorClass: ErrorClass): boolean {
  return RETRYABLE.has(errorClass);
}

/** What providers write of failures that their status does not tell apart. Read from the top. */
const WORDS: readonly (readonly [ErrorClass, RegExp])[] = [
  ["billing", /insufficient[_ ]quota|credit balance|billing|payment required|spending limit/i],
  ["auth", /api key|api_key|unauthenticated|invalid authentication|unauthorized|permission[_ ]denied/i],
  [
    "model_not_found",
    /model_not_found|models?\b.{0,120}\b(?:not found|not exist|not available)|unknown model/i,
  ],
  [
    "context",
    /context[_ ]length|context window|maximum number of tokens|prompt is too long|too many tokens|input token count/i,
  ],
  ["rate_limit", /rate.?limit|too many requests|resource.{0,10}exhausted|quota/i],
  ["overloaded", /overloaded|unavailable|at capacity/i],
  ["server", /internal (?:server )?error|server had an error|bad gateway|gateway time-?out/i],
  [
    "network",
    /fetch failed|econn\w+|epipe|etimedout|enotfound|socket|terminated|unable to connect|connection (?:was )?(?:reset|closed|refused|lost|aborted|error)|premature close/i,
  ],
];

const BY_STATUS: { readonly [status: number]: ErrorClass } = {
  401: "auth",
  402: "billing",
  403: "auth",
  404: "model_not_found",
  408: "network",
  413: "context",
  429: "rate_limit",
  503: "overloaded",
  529: "overloaded",
};

/**
 * Why a provider or the way to it failed, by its HTTP status and its words. `httpStatus` is null where the agent's
 * program does not tell it.
 */
export function classifyFailure(
  httpStatus: number | null,
  words: string,
): Pick<SessionError, "class" | "httpStatus" | "retryable"> {
  const errorClass = classOf(httpStatus, words);
  return { class: errorClass, httpStatus, retryable: isRetryable(errorClass) };
}

function classOf(httpStatus: number | null, words: string): ErrorClass {
  const spoken = WORDS.find(([, pattern]) => pattern.test(words))?.[0] ?? null;
  if (httpStatus === null) return spoken ?? "unknown";
  // A key that is not valid and a prompt that is too long are both 400, and an empty account may be 400, 403 or 429.
  if (spoken === "billing" || (httpStatus === 400 && spoken !== null)) return spoken;
  return BY_STATUS[httpStatus] ?? (httpStatus >= 500 ? "server" : "unknown");
}
