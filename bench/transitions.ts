import { openStore } from "../src/adapters/postgres/open-store.ts";
import type { Commit } from "../src/ports/task-store.ts";
import type { TestPostgres } from "../test/support/postgres/start-postgres.ts";
import { startSeasonedPostgres } from "./support/start-seasoned-postgres.ts";
import type { Arm, Benchmark, Comparison, Figures } from "./support/benchmark.ts";
import { delayFsync } from "./support/delay-fsync.ts";
import { commitsOfTask } from "./support/transitions/commits-of-task.ts";
import { measurePgbenchInserts, measurePgInserts } from "./support/transitions/entry-inserts.ts";
import { measureTransitions } from "./support/transitions/measure-transitions.ts";

const TASKS = 2_000;
const WARM_UP_TASKS = 100;
const SECONDS = 1;
const BATON = "Baton, transitions";
const PG = "pg, single inserts";
const PGBENCH = "pgbench, single inserts";
const SLOW_DISK = "32 producers, +1 ms per fsync";

export const transitions: Benchmark = {
  name: "transitions",
  about:
    "Producers that hand in the commits of whole tasks, from the label to the review, each awaiting one before the next. A transition checks version and hash of its task, appends an entry of two events to its chain, stores two effects and with every sixteenth entry the task's state, all durably. Beside it a single row of an entry's size is inserted at a time, by the same driver with a connection for each producer, and by pgbench. PostgreSQL writes over files of its log, as after its first hour, and all connections are made and statements planned before the clock starts.",
  rounds: 5,
  goals: [
    {
      name: "batched transitions ÷ pgbench single insert at 32",
      comparison: "32 producers",
      figure: "a second",
      of: BATON,
      over: PGBENCH,
      better: "higher",
      required: 2.5,
      aim: 4,
    },
    {
      name: "lone transition ÷ `pg` single insert at 8",
      comparison: "8 producers",
      figure: "a second",
      of: BATON,
      over: PG,
      better: "higher",
      required: 0.6,
      aim: 0.8,
    },
  ],
  open,
};

async function open() {
  const tasks = Array.from({ length: TASKS }, (_, index) => commitsOfTask(index + 1));
  const server = await startSeasonedPostgres();
  const delay = await delayFsync(1);
  const slowServer = delay && (await startSeasonedPostgres(delay.environment));
  if (!slowServer) console.log(`There is no gcc on this machine, so that "${SLOW_DISK}" is left out.`);
  const comparisons: Comparison[] = [
    { name: "1 producer", arms: [baton(server, tasks, 1), pg(server, 1), pgbench(server, 1)] },
    { name: "8 producers", arms: [baton(server, tasks, 8), pg(server, 8), pgbench(server, 8)] },
    { name: "32 producers", arms: [baton(server, tasks, 32), pg(server, 32), pgbench(server, 32)] },
    {
      name: "512 producers, pgbench with 32",
      arms: [baton(server, tasks, 512), pgbench(server, 32)],
    },
  ];
  if (slowServer) {
    comparisons.push({ name: SLOW_DISK, arms: [baton(slowServer, tasks, 32), pgbench(slowServer, 32)] });
  }
  return {
    comparisons,
    async close() {
      await Promise.all([server.stop(), slowServer?.stop()]);
      await delay?.remove();
    },
  };
}

function baton(server: TestPostgres, tasks: readonly (readonly Commit[])[], producers: number): Arm {
  return armOnEmptyRecord(server, BATON, async (url) => {
    const store = await openStore({ url });
    try {
      const commit = (commit: Commit) => store.tasks.commit(commit, { kind: "none" });
      // Connections are made and statements planned before the clock starts, as those of the other arms are.
      await measureTransitions(commit, tasks.slice(0, WARM_UP_TASKS), { producers, forMs: Infinity });
      return await measureTransitions(commit, tasks.slice(WARM_UP_TASKS), {
        producers,
        forMs: SECONDS * 1_000,
      });
    } finally {
      await store.close();
    }
  });
}

function pg(server: TestPostgres, clients: number): Arm {
  return armOnEmptyRecord(server, PG, (url) => measurePgInserts(url, { clients, forMs: SECONDS * 1_000 }));
}

function pgbench(server: TestPostgres, clients: number): Arm {
  return armOnEmptyRecord(server, PGBENCH, (url) =>
    measurePgbenchInserts(url, { clients, forSeconds: SECONDS }),
  );
}

function armOnEmptyRecord(
  server: TestPostgres,
  name: string,
  measure: (databaseUrl: string) => Promise<Figures>,
): Arm {
  return {
    name,
    async measure() {
      const url = await server.createDatabase();
      await (await openStore({ url })).close();
      try {
        return await measure(url);
      } finally {
        await server.dropDatabase(url);
      }
    },
  };
}
