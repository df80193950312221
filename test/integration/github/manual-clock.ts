import type { Clock } from "../../../src/ports/clock.ts";

export type ManualClock = Clock & {
  /** Moves on, and wakes who waited for it. */
  readonly advance: (byMs: number) => void;
  /** How long each wait in turn was asked to last, in milliseconds. */
  readonly waits: readonly number[];
};

/**
 * A clock that stands still. With `eager`, it jumps to the end of each wait at once, so that code that pauses can be
 * run through without waiting.
 */
export function manualClock({ eager = false } = {}): ManualClock {
  let nowMs = Date.parse("2026-01-01T00:00:00Z");
  const waits: number[] = [];
  const waiters = new Set<() => void>();

  return {
    waits,
    now: () => new Date(nowMs),
    advance: (byMs) => {
      nowMs += byMs;
      for (const wake of waiters) wake();
    },
    waitUntil: (at, signal) => {
      if (at.getTime() <= nowMs) return Promise.resolve();
      waits.push(at.getTime() - nowMs);
      if (eager) {
        nowMs = at.getTime();
        return Promise.resolve();
      }
      return new Promise((resolve, reject) => {
        const wake = () => {
          if (at.getTime() > nowMs) return;
          waiters.delete(wake);
          resolve();
        };
        waiters.add(wake);
        signal.addEventListener("abort", () => {
          waiters.delete(wake);
          reject(signal.reason as Error);
        });
      });
    },
  };
}
