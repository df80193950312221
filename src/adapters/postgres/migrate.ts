import type { SchemaInspection } from "../../ports/store-inspection.ts";
import type { Migration } from "./read-migrations.ts";
import type { SqlClient, SqlSession, Statement } from "./sql-client.ts";

/** The database was brought to its state by other migrations than this program has; nothing was changed. */
export class MigrationRefused extends Error {
  constructor(message: string) {
    super(message);
    this.name = "MigrationRefused";
  }
}

/** "BTON": one server at a time migrates a database. */
const LOCK_KEY = 0x42_54_4f_4e;

const CREATE_TABLE = `
  CREATE TABLE IF NOT EXISTS schema_migration (
    version integer PRIMARY KEY,
    name text NOT NULL,
    checksum text NOT NULL,
    applied_at timestamptz NOT NULL DEFAULT now()
  )`;

const lock: Statement = { name: "migrate_lock", text: "SELECT pg_advisory_xact_lock($1)" };
const readApplied: Statement = {
  name: "migrate_applied",
  text: "SELECT version, name, checksum FROM schema_migration ORDER BY version",
};
const hasTable: Statement = {
  name: "migrate_has_table",
  text: "SELECT to_regclass('schema_migration') IS NOT NULL AS there",
};
const recordApplied: Statement = {
  name: "migrate_record",
  text: "INSERT INTO schema_migration (version, name, checksum) VALUES ($1, $2, $3)",
};

type Applied = { readonly version: number; readonly name: string; readonly checksum: string };

/**
 * Brings the database forward, each migration in a transaction of its own. Servers that start together wait for one
 * another; those that come later find nothing left to do. Throws `MigrationRefused` when the database knows a
 * migration that this program lacks, or knows it with another text.
 */
export async function migrate(client: SqlClient, migrations: readonly Migration[]): Promise<void> {
  await client.transaction(async (session) => {
    await session.query(lock, [LOCK_KEY]);
    await session.run(CREATE_TABLE);
    checkApplied(await session.query<Applied>(readApplied), migrations);
  });
  for (const migration of migrations) {
    await client.transaction((session) => applyOnce(session, migration));
  }
}

/** How far a database is, without changing it; the refusal is what `migrate` would throw. */
export async function inspectSchema(
  client: SqlClient,
  migrations: readonly Migration[],
): Promise<SchemaInspection> {
  const known = migrations.length;
  const [found] = await client.query<{ there: boolean }>(hasTable);
  if (!found?.there) return { applied: 0, known, refusal: null };
  const applied = await client.query<Applied>(readApplied);
  try {
    checkApplied(applied, migrations);
    return { applied: applied.length, known, refusal: null };
  } catch (error) {
    if (!(error instanceof MigrationRefused)) throw error;
    return { applied: applied.length, known, refusal: error.message };
  }
}

async function applyOnce(session: SqlSession, migration: Migration): Promise<void> {
  await session.query(lock, [LOCK_KEY]);
  const applied = await session.query<Applied>(readApplied);
  if (applied.some((done) => done.version === migration.version)) return;
  await session.run(migration.script);
  await session.query(recordApplied, [migration.version, migration.name, migration.checksum]);
}

function checkApplied(applied: readonly Applied[], known: readonly Migration[]): void {
  for (const done of applied) {
    const label = `${String(done.version).padStart(3, "0")}_${done.name}`;
    const migration = known.find((candidate) => candidate.version === done.version);
    if (!migration) {
      throw new MigrationRefused(
        `The database has migration ${label}, which this version of Baton does not know. Start a newer version.`,
      );
    }
    if (migration.checksum !== done.checksum) {
      throw new MigrationRefused(
        `Migration ${label} was applied to the database with another text than this version of Baton has. ` +
          "Migrations are never edited: restore the file, and put the change into a new one.",
      );
    }
  }
}
