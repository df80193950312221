import { readFileSync } from "node:fs";
import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { StoreLocation } from "../src/adapters/postgres/open-store.ts";
import { openStore } from "../src/adapters/postgres/open-store.ts";
import type { DeliveryId } from "../src/base/ids.ts";
import type { Commit, CommitOutcome, Store } from "../src/ports/task-store.ts";
import { startPostgres } from "../test/support/postgres/start-postgres.ts";
import type { Benchmark, Figures } from "./support/benchmark.ts";
import { commitsOfTask } from "./support/transitions/commits-of-task.ts";
import { measureTransitions } from "./support/transitions/measure-transitions.ts";

const PRODUCERS = 64;
const TASKS = 1_000;
const SECONDS = 2;
const PGLITE = "fsync-safe PGlite";
const POSTGRES = "PostgreSQL";

export const embedded: Benchmark = {
  name: "embedded",
  about:
    "64 producers that each store a delivery of 20 kB and then commit the transition that settles it, over the same store on the embedded database, whose commits wait for the disk, and on PostgreSQL.",
  rounds: 5,
  goals: [
    {
      name: "fsync-safe PGlite ÷ PostgreSQL, end to end",
      comparison: "64 producers",
      figure: "a second",
      of: PGLITE,
      over: POSTGRES,
      better: "higher",
      required: 0.5,
      aim: 0.8,
    },
  ],
  open,
};

async function open() {
  const tasks = Array.from({ length: TASKS }, (_, index) => commitsOfTask(index + 1));
  const server = await startPostgres();
  return {
    comparisons: [
      {
        name: "64 producers",
        arms: [
          {
            name: PGLITE,
            async measure() {
              const folder = await mkdtemp(join(tmpdir(), "baton-bench-pglite-"));
              try {
                return await measure({ dataDir: folder }, tasks);
              } finally {
                await rm(folder, { recursive: true });
              }
            },
          },
          {
            name: POSTGRES,
            async measure() {
              const url = await server.createDatabase();
              try {
                return await measure({ url }, tasks);
              } finally {
                await server.dropDatabase(url);
              }
            },
          },
        ],
      },
    ],
    close: () => server.stop(),
  };
}

async function measure(location: StoreLocation, tasks: readonly (readonly Commit[])[]): Promise<Figures> {
  const store = await openStore(location);
  try {
    const load = { producers: PRODUCERS, forMs: SECONDS * 1_000 };
    return await measureTransitions((commit) => deliverAndCommit(store, commit), tasks, load);
  } finally {
    await store.close();
  }
}

/** GitHub's own example of a pull request's event. */
function readExample(): Buffer {
  const index = new URL(
    "../node_modules/@octokit/webhooks-examples/api.github.com/index.json",
    import.meta.url,
  );
  const events = JSON.parse(readFileSync(index, "utf8")) as readonly {
    readonly name: string;
    readonly examples: readonly object[];
  }[];
  return Buffer.from(JSON.stringify(events.find(({ name }) => name === "pull_request")?.examples[0]));
}

const BODY = readExample();

async function deliverAndCommit(store: Store, commit: Commit): Promise<CommitOutcome> {
  const id = `${commit.task}/${commit.expectedVersion}` as DeliveryId;
  await store.inbox.store({ id, event: "issues", body: BODY, receivedAt: commit.after.openedAt });
  return store.tasks.commit(commit, { kind: "delivery", id, outcome: "Carried out." });
}
