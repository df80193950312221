import { setTimeout as delay } from "node:timers/promises";
import { Worker } from "bullmq";
import type { Log } from "../../ports/log.ts";
import type { TakeTurn, TurnEnd } from "../../ports/turn-transport.ts";
import { connectRedis } from "./connect-redis.ts";
import type { EndedTurn, TurnJob } from "./turn-queue.ts";
import { channelOf, QUEUE } from "./turn-queue.ts";

export type BullmqWorkersOptions = {
  readonly url: string;
  readonly take: TakeTurn;
  /** How many turns this process takes side by side. */
  readonly atOnce: number;
  readonly log: Log;
  /** After this long without a sign of life of the process that took it, a turn goes to another. */
  readonly stalledAfterMs?: number;
};

export type BullmqWorkers = {
  /** Takes no new turn, and waits for those under way. */
  stop(): Promise<void>;
};

const STALLED_AFTER_MS = 10_000;
/** A turn that stalls is never at fault: its process was killed. */
const MAX_STALLED = 1_000_000;
const RETRY_MS = 1_000;
/** How long Redis is told of the last turns that ended. When it is away nobody can be told, and the turns come again. */
const FAREWELL_MS = 2_000;

/** Takes turns from the queue in Redis, in this process beside those in others. */
export function startBullmqWorkers(options: BullmqWorkersOptions): BullmqWorkers {
  const { url, take, atOnce, log, stalledAfterMs = STALLED_AFTER_MS } = options;
  const redis = connectRedis(url, log);
  const underWay = new Set<Promise<TurnEnd>>();
  const ended: EndedTurn[] = [];
  let published = Promise.resolve();

  // Told only once its job has left the queue: until then the same turn could not be put into it again.
  function tell(turn: EndedTurn): void {
    ended.push(turn);
    if (ended.length === 1) published = published.then(publish);
  }

  async function publish(): Promise<void> {
    const message = JSON.stringify(ended.splice(0));
    await redis.publish(channelOf(redis.options.db ?? 0), message).catch(() => undefined);
  }

  const worker = new Worker<TurnJob, TurnEnd>(
    QUEUE,
    async ({ data }) => {
      const turn = take(data.task);
      underWay.add(turn);
      try {
        return await turn;
      } finally {
        underWay.delete(turn);
      }
    },
    {
      connection: redis,
      concurrency: atOnce,
      removeOnComplete: { count: 0 },
      removeOnFail: { count: 0 },
      lockDuration: stalledAfterMs,
      stalledInterval: stalledAfterMs,
      maxStalledCount: MAX_STALLED,
      runRetryDelay: RETRY_MS,
      skipVersionCheck: true,
    },
  );
  worker.on("completed", ({ data }, end) => tell({ first: data.first, end }));
  worker.on("failed", (job) => {
    if (job) tell({ first: job.data.first, end: "not-now" });
  });
  worker.on("error", (error) => {
    // Such as a job that Redis has forgotten when its turn ends: its result is stored, and Redis is not the record.
    if (redis.status === "ready") log.warn({ err: error }, "The queue in Redis has a complaint");
  });

  return {
    async stop() {
      const closed = worker.close().catch(() => undefined);
      await Promise.all(underWay);
      await Promise.race([closed.then(() => published), delay(FAREWELL_MS)]);
      redis.disconnect();
      worker.disconnect().catch(() => undefined);
    },
  };
}
