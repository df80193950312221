import { Redis } from "ioredis";
import { startPostgres } from "../test/support/postgres/start-postgres.ts";
import { startRedis } from "../test/support/redis/start-redis.ts";
import type { Benchmark, Comparison } from "./support/benchmark.ts";
import type { Load } from "./support/relay/load.ts";
import { measureBaton } from "./support/relay/measure-baton.ts";
import { measureBullmq } from "./support/relay/measure-bullmq.ts";

const THROUGH_BULLMQ = "Baton, through BullMQ";
const IN_PROCESS = "Baton, in process";
const BARE = "bare BullMQ";

export const relay: Benchmark = {
  name: "relay",
  about:
    "Effects that do nothing, of 64 installations. Baton's lie in PostgreSQL when the clock starts; they are claimed, run in their task's order, and have their results stored when it stops. Bare BullMQ has them added in bulks of 500 and worked off, in the order they come, and keeps nothing. Relay and workers, or adding and working, share one process. The waits are of effects handed in one by one, from the commit, or the adding, to the start.",
  rounds: 3,
  goals: [],
  open,
};

async function open() {
  const [postgres, redis] = await Promise.all([startPostgres(), startRedis()]);
  const client = new Redis(redis.url);

  function comparison(name: string, load: Load): Comparison {
    return {
      name,
      arms: [
        {
          name: THROUGH_BULLMQ,
          async measure() {
            await client.flushall();
            return measureBaton(await postgres.createDatabase(), redis.url, load);
          },
        },
        {
          name: IN_PROCESS,
          measure: async () => measureBaton(await postgres.createDatabase(), null, load),
        },
        {
          name: BARE,
          async measure() {
            await client.flushall();
            return measureBullmq(redis.url, load);
          },
        },
      ],
    };
  }

  return {
    comparisons: [
      comparison("1 at once", { effects: 2_000, perTask: 1, atOnce: 1 }),
      comparison("32 at once", { effects: 5_000, perTask: 1, atOnce: 32 }),
      comparison("32 at once, tasks of 4 effects", { effects: 5_000, perTask: 4, atOnce: 32 }),
      comparison("128 at once", { effects: 5_000, perTask: 1, atOnce: 128 }),
    ],
    async close() {
      client.disconnect();
      await Promise.all([postgres.stop(), redis.stop()]);
    },
  };
}
