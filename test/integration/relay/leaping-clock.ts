import type { Clock } from "../../../src/ports/clock.ts";

/** Time that passes by being waited for. */
export class LeapingClock implements Clock {
  #nowMs: number;

  constructor(now: string) {
    this.#nowMs = Date.parse(now);
  }

  now(): Date {
    return new Date(this.#nowMs);
  }

  async waitUntil(at: Date, signal: AbortSignal): Promise<void> {
    await new Promise(setImmediate);
    signal.throwIfAborted();
    this.#nowMs = Math.max(this.#nowMs, at.getTime());
  }
}
