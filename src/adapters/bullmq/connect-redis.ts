import { Redis } from "ioredis";
import type { Log } from "../../ports/log.ts";

const LONGEST_RETRY_MS = 2_000;

/**
 * A connection that is made again for as long as it takes; that Redis is away is said once. What is sent meanwhile
 * waits.
 */
export function connectRedis(url: string, log: Log): Redis {
  const redis = new Redis(url, {
    // BullMQ waits for Redis however long it is away.
    maxRetriesPerRequest: null,
    retryStrategy: (times) => Math.min(times * 100, LONGEST_RETRY_MS),
  });
  let isAway = false;
  redis.on("error", (error) => {
    if (!isAway) log.warn({ err: error }, "Redis is away: effects wait in the database until it is back");
    isAway = true;
  });
  redis.on("ready", () => {
    if (isAway) log.info({}, "Redis is back");
    isAway = false;
  });
  return redis;
}

/** A Redis that throws keys away when it is full would throw turns away. They come again, but late. */
export async function warnOfEviction(redis: Redis, log: Log): Promise<void> {
  const policy = /^maxmemory_policy:(\S+)/m.exec(await redis.info("memory"))?.[1];
  if (policy === undefined || policy === "noeviction") return;
  log.warn({ policy }, "Redis may throw away what waits in it: set its maxmemory-policy to noeviction");
}
