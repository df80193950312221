import { execFile } from "node:child_process";
import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { promisify } from "node:util";
import { Client, Pool } from "pg";
import { findPostgresPrograms } from "../../../test/support/postgres/start-postgres.ts";
import type { Figures } from "../benchmark.ts";

// What transitions are compared with: rows of the same table and size as a usual entry, each inserted by a statement
// and transaction of its own.

const COLUMNS = "entry (task_id, sequence, tenant_id, canonical, hash)";
/** As long as the usual entry of `commitsOfTask`; pgbench takes a colon for the beginning of a variable. */
const CANONICAL = "x".repeat(266);
const HASH = "ab".repeat(32);

/** `clients` that each await their own `INSERT`, over a pool with a connection for each. */
export async function measurePgInserts(
  databaseUrl: string,
  load: { readonly clients: number; readonly forMs: number },
): Promise<Figures> {
  const pool = new Pool({ connectionString: databaseUrl, max: load.clients });
  const statement = {
    name: "insert_entry",
    text: `INSERT INTO ${COLUMNS} VALUES ($1, $2, 1, $3, $4)`,
  };
  const hash = Buffer.from(HASH, "hex");
  const insert = (task: string, sequence: number) =>
    pool.query({ ...statement, values: [task, sequence, CANONICAL, hash] });
  await Promise.all(Array.from({ length: load.clients }, (_, client) => insert(`warm-${client}`, 1)));
  const start = performance.now();
  const counts = await Promise.all(
    Array.from({ length: load.clients }, async (_, client) => {
      let count = 0;
      while (performance.now() - start < load.forMs) {
        count += 1;
        await insert(`1-${client}-1`, count);
      }
      return count;
    }),
  );
  const elapsedMs = performance.now() - start;
  await pool.end();
  return { "a second": (counts.reduce((sum, count) => sum + count, 0) * 1_000) / elapsedMs };
}

const run = promisify(execFile);

/** The same by PostgreSQL's own load generator, in C and in a process of its own. */
export async function measurePgbenchInserts(
  databaseUrl: string,
  load: { readonly clients: number; readonly forSeconds: number },
): Promise<Figures> {
  const programs = await findPostgresPrograms();
  if (programs === null) throw new Error("PostgreSQL is not installed on this machine.");
  const folder = await mkdtemp(join(tmpdir(), "baton-pgbench-"));
  const script = join(folder, "insert.sql");
  await writeFile(
    script,
    `INSERT INTO ${COLUMNS} VALUES ('1-' || :client_id || '-1', nextval('pgbench_sequence'), 1, ` +
      `'${CANONICAL}', decode('${HASH}', 'hex'));\n`,
  );
  try {
    await runOnce(databaseUrl, "CREATE SEQUENCE pgbench_sequence CACHE 1000");
    const { stdout } = await run(join(programs, "pgbench"), [
      ...["-n", "-M", "prepared", "-f", script],
      ...["-c", String(load.clients), "-j", "2", "-T", String(load.forSeconds)],
      databaseUrl,
    ]);
    const perSecond = /tps = ([\d.]+)/.exec(stdout)?.[1];
    if (perSecond === undefined) throw new Error(`pgbench said nothing of its speed:\n${stdout}`);
    return { "a second": Number(perSecond) };
  } finally {
    await rm(folder, { recursive: true });
  }
}

async function runOnce(databaseUrl: string, script: string): Promise<void> {
  const client = new Client({ connectionString: databaseUrl });
  await client.connect();
  await client.query(script);
  await client.end();
}
