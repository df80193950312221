import type { Clock } from "../ports/clock.ts";
import type { Log } from "../ports/log.ts";
import type { MissedDeliveries } from "../ports/missed-deliveries.ts";

/** GitHub keeps deliveries for three days. */
const KEPT_MS = 3 * 24 * 60 * 60_000;
const PAUSE_MS = 5 * 60_000;

export type RecoveryOptions = {
  readonly missed: MissedDeliveries;
  readonly clock: Clock;
  readonly log: Log;
};

/**
 * Asks GitHub again for what it could not deliver: at once, since this process may have been away, and then every
 * five minutes. A delivery that is stored already is answered as a duplicate, so asking once too often does no harm.
 */
export async function recoverDeliveries(options: RecoveryOptions, signal: AbortSignal): Promise<void> {
  const { clock, log } = options;
  const asked = new Set<string>();
  while (!signal.aborted) {
    try {
      await askAgain(options, asked);
    } catch (error) {
      log.warn({ err: error }, "Missed deliveries could not be asked for; trying again later");
    }
    await clock.waitUntil(new Date(clock.now().getTime() + PAUSE_MS), signal).catch(() => undefined);
  }
}

/** One redelivery each: what fails again is asked for after the next pause, as a new attempt. */
async function askAgain({ missed, clock, log }: RecoveryOptions, asked: Set<string>): Promise<void> {
  const since = new Date(clock.now().getTime() - KEPT_MS);
  for (const { guid, attemptId } of await missed.list(since)) {
    const attempt = `${guid} ${attemptId}`;
    if (asked.has(attempt)) continue;
    await missed.redeliver(attemptId);
    asked.add(attempt);
    log.info({ delivery: guid }, "Asked GitHub to deliver again");
  }
}
