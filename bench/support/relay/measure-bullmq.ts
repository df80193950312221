import { setTimeout as pause } from "node:timers/promises";
import { Queue, Worker } from "bullmq";
import { Redis } from "ioredis";
import type { Figures } from "../benchmark.ts";
import type { Load } from "./load.ts";
import { PACED, PACE_MS, figuresOf } from "./load.ts";

const QUEUE = "bare";
const BATCH = 500;

/** Jobs that do nothing, added in bulk and processed by a worker beside it, as BullMQ comes. */
export async function measureBullmq(redisUrl: string, { effects, atOnce }: Load): Promise<Figures> {
  const connection = new Redis(redisUrl, { maxRetriesPerRequest: null });
  const started = new Map<string, number>();
  const queue = new Queue<{ readonly id: string }>(QUEUE, { connection });
  const worker = new Worker<{ readonly id: string }>(
    QUEUE,
    async ({ data }) => void started.set(data.id, performance.now()),
    { connection, concurrency: atOnce, removeOnComplete: { count: 0 }, removeOnFail: { count: 0 } },
  );
  try {
    await worker.waitUntilReady();
    let done = 0;
    const allDone = new Promise<void>((resolve) => {
      worker.on("completed", () => {
        if (++done === effects) resolve();
      });
    });
    const begin = performance.now();
    for (let first = 0; first < effects; first += BATCH) await queue.addBulk(jobs(first));
    await allDone;
    const seconds = (performance.now() - begin) / 1_000;
    const waits: number[] = [];
    for (let index = 0; index < PACED; index++) waits.push(await waitOf(queue, `paced-${index}`, started));
    return figuresOf({ perSecond: effects / seconds, waits });
  } finally {
    await worker.close();
    await queue.close();
    connection.disconnect();
  }
}

function jobs(first: number) {
  return Array.from({ length: BATCH }, (_, index) => {
    const id = `job-${first + index}`;
    return { name: "job", data: { id }, opts: { jobId: id } };
  });
}

/** From the answer to the adding to the start of the job, in milliseconds. */
async function waitOf(
  queue: Queue<{ readonly id: string }>,
  id: string,
  started: Map<string, number>,
): Promise<number> {
  await queue.add("job", { id }, { jobId: id });
  const added = performance.now();
  await pause(PACE_MS);
  for (;;) {
    const at = started.get(id);
    if (at !== undefined) return Math.max(0, at - added);
    await pause(1);
  }
}
