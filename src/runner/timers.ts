import { setTimeout as sleep } from "node:timers/promises";

/** Time as the runner sees it: tests hand in one that they move by hand. */
export interface Timers {
  now(): Date;
  /** Resolves after `ms`, or rejects with the signal's reason once aborted. */
  sleep(ms: number, signal?: AbortSignal): Promise<void>;
}

export const systemTimers: Timers = {
  now: () => new Date(),
  async sleep(ms, signal) {
    try {
      await sleep(ms, undefined, signal === undefined ? {} : { signal });
    } catch (cause) {
      // Node wraps the reason in an AbortError of its own.
      throw signal?.aborted === true ? signal.reason : cause;
    }
  },
};
