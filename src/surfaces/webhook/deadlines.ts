import type { Clock } from "../../ports/clock.ts";

/**
 * Deadlines of one and the same length for many short jobs. They fall due in the order in which they were set, so one
 * wait serves all that are set while it lasts: a timer of its own for each request would cost the ingress as much as
 * verifying its signature.
 */
export type Deadlines = {
  /** Calls `expire` at the deadline, unless the returned function is called before. */
  set(expire: () => void): () => void;
};

export function createDeadlines(clock: Clock, lengthMs: number): Deadlines {
  const pending = new Map<symbol, { readonly at: Date; readonly expire: () => void }>();
  let watch: AbortController | null = null;

  async function watchAll(current: AbortController): Promise<void> {
    for (const [key, { at, expire }] of pending) {
      await clock.waitUntil(at, current.signal);
      if (pending.delete(key)) expire();
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

  return {
    set(expire) {
      const key = Symbol("deadline");
      pending.set(key, { at: new Date(clock.now().getTime() + lengthMs), expire });
      if (watch === null) start();
      return () => {
        pending.delete(key);
        if (pending.size > 0) return;
        watch?.abort();
        watch = null;
      };
    },
  };
}
