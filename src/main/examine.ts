import { inspectRedis } from "../adapters/bullmq/inspect-redis.ts";
import { inspectStore } from "../adapters/postgres/inspect/inspect-store.ts";
import type { Result } from "../base/result.ts";
import { ok } from "../base/result.ts";
import type { Examination } from "../surfaces/cli/doctor/run-doctor.ts";
import { readStoreLocation } from "./read-store-location.ts";

/** Looks at the store and the Redis that the environment names. */
export async function examine(env: NodeJS.ProcessEnv): Promise<Result<Examination, string>> {
  const location = readStoreLocation(env);
  if (!location.ok) return location;
  const redisUrl = env["REDIS_URL"];
  return ok({
    store: await inspectStore(location.value),
    redis: redisUrl ? await inspectRedis(redisUrl) : null,
    publicUrl: env["BATON_URL"] ?? null,
  });
}
