import { openStore } from "../src/adapters/postgres/open-store.ts";
import { taskId } from "../src/base/ids.ts";
import { evolve } from "../src/core/task/evolve.ts";
import type { Store } from "../src/ports/task-store.ts";
import { startPostgres } from "../test/support/postgres/start-postgres.ts";
import { REPOSITORY } from "../test/support/task/candidate-commands.ts";
import type { Arm, Benchmark, Figures } from "./support/benchmark.ts";
import { fillRecord } from "./support/fill-record.ts";

const PRODUCERS = 8;
const SECONDS = 2;
const FEW = "10 open tasks";
const MANY = "100,000 open tasks";
const SIZES = [
  { name: FEW, tasks: 10, entriesPerTask: 1 },
  { name: "1,000 open tasks", tasks: 1_000, entriesPerTask: 1 },
  { name: MANY, tasks: 100_000, entriesPerTask: 1 },
  { name: "100,000 open tasks, 1 M entries", tasks: 100_000, entriesPerTask: 10 },
] as const;

export const growth: Benchmark = {
  name: "growth",
  about:
    "Eight producers that each load one of the open tasks, the next one far from the last, and commit an event with an effect to it: what a transition costs as the record grows.",
  rounds: 5,
  goals: [
    {
      name: "cost per transition at 100,000 open tasks ÷ at 10",
      comparison: "8 producers",
      figure: "µs a transition",
      of: MANY,
      over: FEW,
      better: "lower",
      required: 1.2,
      aim: 1,
    },
  ],
  open,
};

async function open() {
  const server = await startPostgres();
  const stores: Store[] = [];
  const arms: Arm[] = [];
  for (const { name, ...size } of SIZES) {
    const url = await server.createDatabase();
    const store = await openStore({ url });
    await fillRecord(url, size);
    stores.push(store);
    arms.push({ name, measure: () => measure(store, size.tasks) });
  }
  return {
    comparisons: [{ name: "8 producers", arms }],
    async close() {
      await Promise.all(stores.map((store) => store.close()));
      await server.stop();
    },
  };
}

/** Prime, and so never in step with a number of tasks. */
const STRIDE = 7_919;

async function measure(store: Store, tasks: number): Promise<Figures> {
  const start = performance.now();
  const counts = await Promise.all(
    Array.from({ length: PRODUCERS }, async (_, producer) => {
      let count = 0;
      // Each has tasks of its own, so that none waits for another.
      const own = Math.ceil((tasks - producer) / PRODUCERS);
      for (; performance.now() - start < SECONDS * 1_000; count += 1) {
        await change(store, producer + PRODUCERS * ((count * STRIDE) % own) + 1);
      }
      return count;
    }),
  );
  const elapsedMs = performance.now() - start;
  const count = counts.reduce((sum, each) => sum + each, 0);
  return { "µs a transition": (elapsedMs * 1_000) / count };
}

async function change(store: Store, issueNumber: number): Promise<void> {
  const task = taskId(REPOSITORY.id, issueNumber, 1);
  const loaded = await store.tasks.load(task);
  if (!loaded) throw new Error(`There is no task ${task}.`);
  const meta = { at: loaded.task.openedAt, actor: "maya", cause: "benchmark" };
  const event = { type: "TaskHeld", by: "maya" } as const;
  const outcome = await store.tasks.commit(
    {
      task,
      expectedVersion: loaded.version,
      meta,
      events: [event],
      after: evolve(loaded.task, event, meta),
      effects: [{ kind: "mirror" }],
    },
    { kind: "none" },
  );
  if (outcome !== "committed") throw new Error(`The change of ${task} came out as ${outcome}.`);
}
