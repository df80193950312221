import type { Clock } from "../../ports/clock.ts";

/**
 * Deadlines of one and the same length for many short jobs. They fall due in the order in which they were set, so one
 * wait serves all that are set while it lasts: a timer of its own for each request would cost the ingress as much as
 * verifying its signature.
 */
export type Deadlines = {
  set(): Deadline;
};

export type Deadline = {
  /** What to do when it passes, instead of what was said before; at once when it has passed. */
  onPassed(expire: () => void): void;
  cancel(): void;
};

export function createDeadlines(clock: Clock, lengthMs: number): Deadlines {
  const pending = new Set<PendingDeadline>();
  let watch: AbortController | null = null;

  async function watchAll(current: AbortController): Promise<void> {
    for (const deadline of pending) {
      await clock.waitUntil(deadline.at, current.signal);
      if (pending.delete(deadline)) deadline.pass();
    }
  }

  function start(): void {
    const current = new AbortController();
    watch = current;
    watchAll(current)
      // Ended because nothing was left to wait for.
      .catch(() => undefined)
      .finally(() => {
        if (watch === current) watch = null;
      });
  }

  function cancel(deadline: PendingDeadline): void {
    if (!pending.delete(deadline) || pending.size > 0) return;
    watch?.abort();
    watch = null;
  }

  return {
    set() {
      const deadline = new PendingDeadline(new Date(clock.now().getTime() + lengthMs), cancel);
      pending.add(deadline);
      if (watch === null) start();
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
