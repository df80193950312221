import { Redis } from "ioredis";
import type { RedisInspection } from "../../ports/redis-inspection.ts";

const TIMEOUT_MS = 5_000;

/** Asks a Redis how it keeps what it holds. Never throws: not being reached is an answer. */
export async function inspectRedis(url: string): Promise<RedisInspection> {
  const redis = new Redis(url, { lazyConnect: true, connectTimeout: TIMEOUT_MS, retryStrategy: () => null });
  let why = "";
  redis.on("error", (error) => {
    why = error.message;
  });
  try {
    await redis.connect();
    const info = await redis.info();
    return {
      kind: "reached",
      version: field(info, "redis_version"),
      appendOnly: field(info, "aof_enabled") === "1",
      evictionPolicy: field(info, "maxmemory_policy"),
    };
  } catch (error) {
    // What ended the connection says more than that it is closed.
    return { kind: "unreachable", why: why || String(error) };
  } finally {
    redis.disconnect();
  }
}

function field(info: string, name: string): string {
  return new RegExp(`^${name}:(\\S+)`, "m").exec(info)?.[1] ?? "unknown";
}
