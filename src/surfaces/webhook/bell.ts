import type { Clock } from "../../ports/clock.ts";

/** Wakes one waiter. Ringing while nobody waits is remembered, so that nothing is missed in between. */
export type Bell = {
  ring(): void;
  /** Resolves at the next ring, at `until`, or when aborted. */
  rung(wait: {
    readonly clock: Clock;
    readonly until: Date | null;
    readonly signal: AbortSignal;
  }): Promise<void>;
};

export function createBell(): Bell {
  let rang = false;
  let wakeUp: (() => void) | null = null;

  return {
    ring() {
      rang = true;
      wakeUp?.();
    },

    async rung({ clock, until, signal }) {
      if (!rang && !signal.aborted) {
        const done = new AbortController();
        await new Promise<void>((resolve) => {
          wakeUp = resolve;
          signal.addEventListener("abort", () => resolve(), { signal: done.signal });
          // A wait that is cut short rejects: the bell or the end of the process came first.
          if (until !== null) clock.waitUntil(until, done.signal).then(resolve, () => undefined);
        });
        done.abort();
      }
      wakeUp = null;
      rang = false;
    },
  };
}
