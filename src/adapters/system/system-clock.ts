import { setTimeout as sleep } from "node:timers/promises";
import type { Clock } from "../../ports/clock.ts";

/** Longest time that a timer of Node can wait at once. */
const MAX_TIMER_MS = 2 ** 31 - 1;

export const systemClock: Clock = {
  now: () => new Date(),
  async waitUntil(at, signal) {
    for (let leftMs = at.getTime() - Date.now(); leftMs > 0; leftMs = at.getTime() - Date.now()) {
      await sleep(Math.min(leftMs, MAX_TIMER_MS), undefined, { signal });
    }
  },
};
