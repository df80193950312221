import { setTimeout as pause } from "node:timers/promises";
import { Client } from "pg";
import { createBullmqTransport } from "../../../src/adapters/bullmq/bullmq-transport.ts";
import { startBullmqWorkers } from "../../../src/adapters/bullmq/bullmq-workers.ts";
import { createInProcessTransport } from "../../../src/adapters/in-process/in-process-transport.ts";
import { openStore } from "../../../src/adapters/postgres/open-store.ts";
import { systemClock } from "../../../src/adapters/system/system-clock.ts";
import { startRelay } from "../../../src/app/turn/relay.ts";
import { createTurnTaker } from "../../../src/app/turn/run-turn.ts";
import type { TaskId, TenantId } from "../../../src/base/ids.ts";
import type { Effect } from "../../../src/core/task/effect.ts";
import type { Store } from "../../../src/ports/task-store.ts";
import { openingCommit, sampleTask } from "../../../test/contract/sample-task.ts";
import type { Figures } from "../benchmark.ts";
import type { Load } from "./load.ts";
import { PACED, PACE_MS, figuresOf } from "./load.ts";

const EFFECT: Effect = { kind: "remove-trigger-label" };
const TENANTS = 64;
const BATCH = 500;
const LOG = { info: () => undefined, warn: () => undefined, error: () => undefined };

/** Effects that do nothing, from the outbox to their stored results: with Redis through BullMQ, else in this process. */
export async function measureBaton(
  databaseUrl: string,
  redisUrl: string | null,
  { effects, perTask, atOnce }: Load,
): Promise<Figures> {
  const store = await openStore({ url: databaseUrl });
  const started = new Map<TaskId, number>();
  try {
    await addTasks(store, effects / perTask, perTask);
    const begin = performance.now();
    const running = startRunning(store, redisUrl, { atOnce, started });
    try {
      await untilAllSettled(databaseUrl);
      const seconds = (performance.now() - begin) / 1_000;
      const waits: number[] = [];
      for (let index = 1; index <= PACED; index++) waits.push(await waitOf(store, effects + index, started));
      return figuresOf({ perSecond: effects / seconds, waits });
    } finally {
      await running.stop();
    }
  } finally {
    await store.close();
  }
}

async function addTasks(store: Store, count: number, perTask: number): Promise<void> {
  const effects = Array.from({ length: perTask }, () => EFFECT);
  for (let first = 1; first <= count; first += BATCH) {
    const tasks = Array.from({ length: Math.min(BATCH, count - first + 1) }, (_, index) =>
      newTask(first + index),
    );
    await Promise.all(
      tasks.map((task) => store.tasks.commit(openingCommit(task, effects), { kind: "none" })),
    );
  }
}

function newTask(issue: number) {
  return sampleTask(issue, { tenant: (issue % TENANTS) as TenantId });
}

function startRunning(
  store: Store,
  redisUrl: string | null,
  { atOnce, started }: { readonly atOnce: number; readonly started: Map<TaskId, number> },
) {
  const stopping = new AbortController();
  const parts = { outbox: store.outbox, clock: systemClock, log: LOG };
  const take = createTurnTaker({
    ...parts,
    signal: stopping.signal,
    abandon: async () => undefined,
    async run({ task }) {
      started.set(task, performance.now());
      return { kind: "done", outcome: "done" };
    },
  });
  const transport = redisUrl === null ? createInProcessTransport(take) : createBullmqTransport(redisUrl, LOG);
  const workers = redisUrl === null ? null : startBullmqWorkers({ url: redisUrl, take, atOnce, log: LOG });
  const inAll = redisUrl === null ? atOnce : 1_000;
  const relay = startRelay({ ...parts, transport, limits: { inAll, perTenant: inAll } });
  store.onWork(() => relay.wake());
  return {
    async stop() {
      stopping.abort();
      await Promise.all([relay.stop(), workers?.stop()]);
      await transport.stop();
    },
  };
}

async function untilAllSettled(databaseUrl: string): Promise<void> {
  const database = new Client({ connectionString: databaseUrl });
  await database.connect();
  const left = "SELECT FROM effect WHERE done_at IS NULL ORDER BY tenant_id LIMIT 1";
  while ((await database.query(left)).rows.length > 0) await pause(5);
  await database.end();
}

/** From the commit's acknowledgement to the start of its effect, in milliseconds. */
async function waitOf(store: Store, issue: number, started: Map<TaskId, number>): Promise<number> {
  const task = newTask(issue);
  await store.tasks.commit(openingCommit(task, [EFFECT]), { kind: "none" });
  const committed = performance.now();
  await pause(PACE_MS);
  for (;;) {
    const at = started.get(task.id);
    if (at !== undefined) return Math.max(0, at - committed);
    await pause(1);
  }
}
