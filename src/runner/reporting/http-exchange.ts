import type { Timers } from "../timers.ts";

/** The server cannot be reached, or cannot answer now, for longer than we wait. */
export class ServerUnavailable extends Error {
  constructor(what: string, cause: unknown) {
    const why = cause instanceof Error ? describe(cause) : String(cause);
    super(`The server did not take ${what}: ${why}.`, { cause });
    this.name = "ServerUnavailable";
  }
}

/** An answer read to its end; `body` is null when it was over the limit. */
export type Answer = { readonly status: number; readonly body: Buffer | null };

/** How long an exchange is tried again, and how long one try may take. */
export type Patience = { readonly totalMs: number; readonly eachMs: number };

const FIRST_WAIT_MS = 250;
const LONGEST_WAIT_MS = 10_000;

/**
 * Sends until an answer comes that trying again would not change: anything but 408, 425, 429 and 5xx. The server
 * answers a repeated request like the first one, so an answer that was lost does no harm. Throws ServerUnavailable.
 */
export async function exchange(
  what: string,
  send: (signal: AbortSignal) => Promise<Answer>,
  options: { readonly patience: Patience; readonly timers: Timers },
): Promise<Answer> {
  const { patience, timers } = options;
  const giveUpAt = timers.now().getTime() + patience.totalMs;
  for (let waitMs = FIRST_WAIT_MS; ; waitMs = Math.min(waitMs * 2, LONGEST_WAIT_MS)) {
    const outcome = await tryOnce(send, patience.eachMs);
    if (!(outcome instanceof Error)) return outcome;
    if (timers.now().getTime() + waitMs > giveUpAt) throw new ServerUnavailable(what, outcome);
    await timers.sleep(waitMs);
  }
}

async function tryOnce(
  send: (signal: AbortSignal) => Promise<Answer>,
  timeoutMs: number,
): Promise<Answer | Error> {
  try {
    const answer = await send(AbortSignal.timeout(timeoutMs));
    return isTemporary(answer.status) ? new Error(`it answers ${answer.status}`) : answer;
  } catch (cause) {
    return cause instanceof Error ? cause : new Error(String(cause));
  }
}

function isTemporary(status: number): boolean {
  return status === 408 || status === 425 || status === 429 || status >= 500;
}

/** `fetch failed` alone helps nobody: the reason is in its cause. */
function describe(error: Error): string {
  const cause = error.cause instanceof Error ? error.cause : error;
  const code = "code" in cause && typeof cause.code === "string" ? cause.code : null;
  return code ?? cause.message;
}
