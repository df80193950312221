import type { Log } from "../../ports/log.ts";
import { writeBodiesGivenUp } from "./sql/give-up-bodies.ts";
import type { SqlClient } from "./sql-client.ts";

/** GitHub sends a delivery again for 3 days; people may look for a cause long after. */
const KEPT_MS = 30 * 24 * 60 * 60 * 1_000;
const INTERVAL_MS = 10 * 60 * 1_000;
/** At once, so that no delivery waits for long behind it. */
const LIMIT = 200;

/** Gives up bodies of deliveries when they are 30 days old, until the function it returns is called and has resolved. */
export function keepBodies(client: SqlClient, log: Log): () => Promise<void> {
  let giving: Promise<void> = Promise.resolve();
  let stopped = false;
  const timer = setInterval(() => {
    giving = giving.then(async () => {
      const before = new Date(Date.now() - KEPT_MS);
      await giveUpBodies(client, before, () => stopped).catch((error: unknown) => {
        log.error({ err: error }, "Old bodies of deliveries could not be given up; it will be tried again.");
      });
    });
  }, INTERVAL_MS);
  timer.unref();
  return async () => {
    stopped = true;
    clearInterval(timer);
    await giving;
  };
}

/** Of every delivery that came before and is settled. */
export async function giveUpBodies(client: SqlClient, before: Date, isStopped: () => boolean): Promise<void> {
  while (!isStopped() && (await writeBodiesGivenUp(client, before, LIMIT)) > 0);
}
