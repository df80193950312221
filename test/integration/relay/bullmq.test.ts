import { Redis } from "ioredis";
import { afterAll, afterEach, beforeAll, describe } from "vitest";
import { createBullmqTransport } from "../../../src/adapters/bullmq/bullmq-transport.ts";
import { startBullmqWorkers } from "../../../src/adapters/bullmq/bullmq-workers.ts";
import type { TestRedis } from "../../support/redis/start-redis.ts";
import { findRedisServer, startRedis } from "../../support/redis/start-redis.ts";
import { describeTurns } from "./turns.contract.ts";

const silent = { info: () => undefined, warn: () => undefined, error: () => undefined };

describe.skipIf(findRedisServer() === null)("with Redis", () => {
  let redis: TestRedis;

  beforeAll(async () => {
    redis = await startRedis();
  });

  afterEach(async () => {
    const client = new Redis(redis.url);
    await client.flushall();
    client.disconnect();
  });

  afterAll(async () => {
    await redis.stop();
  });

  describeTurns("turns through BullMQ", {
    start(take, atOnce) {
      const transport = createBullmqTransport(redis.url, silent);
      const workers = startBullmqWorkers({ url: redis.url, take, atOnce, log: silent });
      return { transport, stop: () => Promise.all([workers.stop(), transport.stop()]).then(() => undefined) };
    },
  });
});
