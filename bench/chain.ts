import { hash } from "node:crypto";
import { Client } from "pg";
import { openStore } from "../src/adapters/postgres/open-store.ts";
import { GENESIS_HASH } from "../src/core/audit/verify-chain.ts";
import { startPostgres } from "../test/support/postgres/start-postgres.ts";
import type { Benchmark } from "./support/benchmark.ts";
import { fillRecord } from "./support/fill-record.ts";

const TASKS = 20_000;
const ENTRIES_PER_TASK = 10;
const STORE = "Baton, all chains from the store";
const RAW = "SHA-256 of the same bytes in memory";

export const chain: Benchmark = {
  name: "chain",
  about:
    "Verifying the chains of 200,000 entries of 20,000 tasks, read from PostgreSQL, beside `crypto.hash` over the same bytes, each text behind the hash before it, when they are in memory already, in one thread.",
  rounds: 5,
  goals: [
    {
      name: "chain verify from the store ÷ raw hash limit",
      comparison: "200,000 entries",
      figure: "entries a second",
      of: STORE,
      over: RAW,
      better: "higher",
      required: 0.3,
      aim: 0.6,
    },
  ],
  open,
};

async function open() {
  const server = await startPostgres();
  const url = await server.createDatabase();
  const store = await openStore({ url });
  await fillRecord(url, { tasks: TASKS, entriesPerTask: ENTRIES_PER_TASK });
  const links = await readLinks(url);
  return {
    comparisons: [
      {
        name: "200,000 entries",
        arms: [
          {
            name: STORE,
            measure: () =>
              entriesPerSecond(async () => {
                const { entries, faults } = await store.tasks.verifyRecord();
                if (faults.length > 0) throw new Error(`${faults.length} chains are broken.`);
                return entries;
              }),
          },
          {
            name: RAW,
            measure: () =>
              entriesPerSecond(async () => {
                for (const link of links) hash("sha256", link);
                return links.length;
              }),
          },
        ],
      },
    ],
    async close() {
      await store.close();
      await server.stop();
    },
  };
}

/** What is hashed for each entry. Bytes are hashed faster than the strings that they are. */
async function readLinks(url: string): Promise<readonly Buffer[]> {
  const database = new Client({ connectionString: url });
  await database.connect();
  const { rows } = await database.query<{ link: string }>(
    `
SELECT coalesce(lag(encode(hash, 'hex')) OVER (PARTITION BY task_id ORDER BY sequence), $1) || canonical AS link
FROM entry`,
    [GENESIS_HASH],
  );
  await database.end();
  return rows.map(({ link }) => Buffer.from(link));
}

async function entriesPerSecond(work: () => Promise<number>) {
  const start = performance.now();
  const entries = await work();
  return { "entries a second": (entries * 1_000) / (performance.now() - start) };
}
