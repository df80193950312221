import type {
  CommitProbe,
  ContentInspection,
  DatabaseInspection,
  DurabilitySettings,
  Waiting,
} from "../../../ports/store-inspection.ts";
import { inspectSchema } from "../migrate.ts";
import { MIGRATIONS_FOLDER } from "../open-store.ts";
import { readMigrations } from "../read-migrations.ts";
import type { SqlClient, SqlSession, Statement } from "../sql-client.ts";
import { verifyRecord } from "../verify-record.ts";

const readSettings: Statement = {
  name: "inspect_settings",
  text: `
SELECT current_setting('server_version') AS "serverVersion",
  current_setting('fsync') AS "fsync",
  current_setting('synchronous_commit') AS "synchronousCommit",
  current_setting('full_page_writes') AS "fullPageWrites",
  current_setting('wal_sync_method') AS "walSyncMethod",
  current_setting('data_checksums') AS "dataChecksums"`,
};

/** Writes to the log alone, and waits for the disk as every commit does. */
const commitNothing: Statement = {
  name: "inspect_commit",
  text: "SELECT pg_logical_emit_message(true, 'baton', 'doctor')::text",
};

const PROBES = 9;

const deliveriesWaiting: Statement = {
  name: "inspect_deliveries",
  text: `
SELECT count(*)::integer AS count,
  extract(epoch FROM clock_timestamp() - min(received_at))::float8 AS "oldestSeconds"
FROM delivery WHERE outcome IS NULL`,
};

const effectsWaiting: Statement = {
  name: "inspect_effects",
  text: `
SELECT count(*)::integer AS count, extract(epoch FROM clock_timestamp() - min(due_at))::float8 AS "oldestSeconds"
FROM effect WHERE done_at IS NULL AND due_at <= clock_timestamp()`,
};

/** Looks at a database without changing anything in it; `syncs` are those of one commit, where they were counted. */
export async function inspectDatabase(client: SqlClient, syncs: number | null): Promise<DatabaseInspection> {
  const schema = await inspectSchema(client, await readMigrations(MIGRATIONS_FOLDER));
  const isOurs = schema.refusal === null && schema.applied === schema.known;
  return {
    kind: "open",
    settings: await inspectSettings(client),
    commit: await probeCommits(client, syncs),
    schema,
    content: isOurs ? await inspectContent(client) : null,
  };
}

async function inspectSettings(session: SqlSession): Promise<DurabilitySettings> {
  const [settings] = await session.query<DurabilitySettings>(readSettings);
  if (!settings) throw new Error("The database did not say how it is set.");
  return settings;
}

async function probeCommits(session: SqlSession, syncs: number | null): Promise<CommitProbe> {
  const durations: number[] = [];
  for (let n = 0; n < PROBES; n++) {
    const before = performance.now();
    await session.query(commitNothing);
    durations.push(performance.now() - before);
  }
  durations.sort((a, b) => a - b);
  return { durationMs: durations[Math.floor(PROBES / 2)] ?? 0, syncs };
}

async function inspectContent(client: SqlClient): Promise<ContentInspection> {
  return {
    record: await verifyRecord(client),
    deliveries: await readWaiting(client, deliveriesWaiting),
    effects: await readWaiting(client, effectsWaiting),
  };
}

async function readWaiting(session: SqlSession, statement: Statement): Promise<Waiting> {
  const [row] = await session.query<Waiting>(statement);
  return row ?? { count: 0, oldestSeconds: null };
}
