import type { SessionError } from "../../../contract/session-event.ts";
import { modelFailure } from "../model-failure.ts";

/**
 * opencode asks again without end and without a word, after 2, 4, 8 … seconds. After half a minute no more is expected:
 * longer outages are the server's to wait out.
 */
export const MAX_FAILURES = 5;

/** Whether it would ask an account without money again. */
export function isUnpaid(words: string): boolean {
  return modelFailure(null, words).class === "billing";
}

/** Whether it asks again after these words: other failures it tells as its own error. */
export function mayPass(words: string): boolean {
  const failure = modelFailure(null, words);
  return failure.retryable || failure.class === "unknown";
}

/** Why no more is expected: words that tell nothing are the provider's failure. */
export function gaveUp(words: string): SessionError {
  const failure = modelFailure(null, words);
  return failure.class === "unknown" ? modelFailure(null, words, "server") : failure;
}

/** What is said of an answer that ended in the middle, where nothing else says so. */
export const BROKE_OFF = "The answer ended in the middle, its socket closed.";
