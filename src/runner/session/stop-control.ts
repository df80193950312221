import { CANCELLED_RUN_GRACE, DEFAULT_GRACE, type Grace } from "../process/end-session.ts";
import type { Timers } from "../timers.ts";

export type StopReason = { readonly kind: "timeout" | "cancelled" | "limit"; readonly why: string };

/** Why a session must stop, whoever said so first: one of its limits, the server, or the run's cancellation. */
export type StopControl = {
  readonly signal: AbortSignal;
  readonly reason: () => StopReason | null;
  /** How much time the agent's program has to end. */
  readonly grace: () => Grace;
  readonly cancel: (why: string) => void;
  /** The session used more than it may. */
  readonly passLimit: (why: string) => void;
  /** The session is over: the time limit no longer counts. */
  readonly end: () => void;
};

export function createStopControl(options: {
  readonly timers: Timers;
  /** Who is stopped, as the subject of a sentence. */
  readonly subject: string;
  readonly timeoutMs: number;
  readonly cancelled: AbortSignal;
}): StopControl {
  const stopping = new AbortController();
  const ended = new AbortController();
  let reason: StopReason | null = null;

  function stop(given: StopReason): void {
    if (reason !== null || ended.signal.aborted) return;
    reason = given;
    stopping.abort();
  }

  function cancel(why: string): void {
    stop({ kind: "cancelled", why });
  }

  function runCancelled(): void {
    cancel("The run was cancelled.");
  }

  options.cancelled.addEventListener("abort", runCancelled, { once: true });
  if (options.cancelled.aborted) runCancelled();
  options.timers.sleep(options.timeoutMs, ended.signal).then(
    () => {
      stop({
        kind: "timeout",
        why: `${options.subject} was stopped at its limit of ${describe(options.timeoutMs)}.`,
      });
    },
    // The session ended first.
    () => undefined,
  );
  return {
    signal: stopping.signal,
    reason: () => reason,
    grace: () => (options.cancelled.aborted ? CANCELLED_RUN_GRACE : DEFAULT_GRACE),
    cancel,
    passLimit: (why) => {
      stop({ kind: "limit", why });
    },
    end: () => {
      ended.abort();
      options.cancelled.removeEventListener("abort", runCancelled);
    },
  };
}

function describe(ms: number): string {
  return ms >= 120_000 ? `${Math.round(ms / 60_000)} minutes` : `${ms / 1_000} seconds`;
}
