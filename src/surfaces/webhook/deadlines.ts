import type { Clock } from "../../ports/clock.ts";

/**
 * Deadlines of one and the same length for many short jobs. They fall due in the order in which they were set, so one
 * wait serves all that are set while it lasts, and one that is cancelled leaves the wait as it is: a timer that is set
 * and cleared again for each request would cost the ingress as much as verifying its signature.
 */
export type Deadlines = {
  set(): Deadline;
};

export type Deadline = {
  /** What to do when it passes, instead of what was said before; at once when it has passed. */
  onPassed(expire: () => void): void;
  cancel(): void;
};

/** @param signal ends the wait that is under way; deadlines that are set after it never pass. */
export function createDeadlines(clock: Clock, lengthMs: number, signal: AbortSignal): Deadlines {
  const pending = new Set<PendingDeadline>();
  let isWatching = false;

  async function watch(): Promise<void> {
    isWatching = true;
    try {
      for (const deadline of pending) {
        await clock.waitUntil(deadline.at, signal);
        if (pending.delete(deadline)) deadline.pass();
      }
    } catch (error) {
      if (!signal.aborted) throw error;
    } finally {
      isWatching = false;
    }
  }

  return {
    set() {
      const at = new Date(clock.now().getTime() + lengthMs);
      const deadline = new PendingDeadline(at, (cancelled) => pending.delete(cancelled));
      pending.add(deadline);
      if (!isWatching) void watch();
      return deadline;
    },
  };
}

class PendingDeadline implements Deadline {
  readonly at: Date;
  readonly #cancel: (deadline: PendingDeadline) => void;
  #expire: () => void = () => undefined;
  #passed = false;

  constructor(at: Date, cancel: (deadline: PendingDeadline) => void) {
    this.at = at;
    this.#cancel = cancel;
  }

  onPassed(expire: () => void): void {
    this.#expire = expire;
    if (this.#passed) expire();
  }

  cancel(): void {
    this.#expire = () => undefined;
    this.#cancel(this);
  }

  pass(): void {
    this.#passed = true;
    this.#expire();
  }
}
