import { setTimeout as pause } from "node:timers/promises";
import type { Log } from "../../../ports/log.ts";
import type { Postmaster } from "./postmaster.ts";

/** What was killed may leave processes that take a moment to end, and no start succeeds before. */
const FIRST_TRIES = 5;
const FIRST_PAUSE_MS = 200;
const LONGEST_PAUSE_MS = 5_000;

/**
 * Starts PostgreSQL, and starts it again whenever it ends by itself, be it killed or out of disk: it recovers all that
 * it acknowledged. Rejects when it does not start in the first place.
 * @returns how to end it for good.
 */
export async function keepRunning(start: () => Promise<Postmaster>, log: Log): Promise<() => Promise<void>> {
  const stopping = new AbortController();
  let current: Postmaster = await startPatiently(start, FIRST_TRIES, stopping.signal);
  const kept = keep();
  return async () => {
    stopping.abort();
    await current.stop();
    await kept;
  };

  async function keep(): Promise<void> {
    for (;;) {
      const lastWords = await current.ended;
      if (stopping.signal.aborted) return;
      log.error({ lastWords }, "PostgreSQL has ended by itself, and is started again");
      try {
        current = await startPatiently(start, Infinity, stopping.signal);
      } catch (error) {
        if (!stopping.signal.aborted) log.error({ err: error }, "PostgreSQL could not be started again");
        return;
      }
      log.warn({}, "PostgreSQL is back");
      if (stopping.signal.aborted) await current.stop();
    }
  }
}

async function startPatiently(
  start: () => Promise<Postmaster>,
  tries: number,
  stopping: AbortSignal,
): Promise<Postmaster> {
  for (let tried = 1; ; tried++) {
    try {
      return await start();
    } catch (error) {
      if (tried >= tries || stopping.aborted) throw error;
      await pause(Math.min(FIRST_PAUSE_MS * tried, LONGEST_PAUSE_MS), undefined, { signal: stopping });
    }
  }
}
