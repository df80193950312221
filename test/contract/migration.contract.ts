import { mkdtemp, readdir, readFile, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { afterAll, beforeAll, beforeEach, describe, expect, test } from "vitest";
import { sha256Hex } from "../../src/adapters/postgres/chain-entries.ts";
import { migrate, MigrationRefused } from "../../src/adapters/postgres/migrate.ts";
import type { StoreLocation } from "../../src/adapters/postgres/open-store.ts";
import { MIGRATIONS_FOLDER, openStore } from "../../src/adapters/postgres/open-store.ts";
import { readMigrations } from "../../src/adapters/postgres/read-migrations.ts";
import type { SqlClient } from "../../src/adapters/postgres/sql-client.ts";
import type { TenantId } from "../../src/base/ids.ts";
import { verifyChain } from "../../src/core/audit/verify-chain.ts";
import { dueEffects } from "../support/due-effects.ts";
import type { StoreUnderTest } from "./store-fixture.ts";

/** `NNN.sql`: rows as they were stored by a server whose last migration was NNN. Never edited, like the migrations. */
const SAMPLES_FOLDER = fileURLToPath(new URL("./migration-samples/", import.meta.url));

const FIRST = { "001_first.sql": "CREATE TABLE thing (n integer PRIMARY KEY); INSERT INTO thing VALUES (1)" };
const SECOND = { "002_second.sql": "ALTER TABLE thing ADD COLUMN word text NOT NULL DEFAULT 'one'" };

/** What every store's schema must hold to. */
export function describeMigrationContract(name: string, under: StoreUnderTest): void {
  describe(name, () => {
    let database: SqlClient;

    beforeAll(async () => {
      database = await under.openDatabase(await under.scratchLocation());
    });

    beforeEach(async () => {
      await database.run("DROP SCHEMA public CASCADE; CREATE SCHEMA public");
    });

    afterAll(async () => {
      await database.close();
    });

    test("migrations run once, in order, and the next start runs only those that are new", async () => {
      await migrateWith(database, FIRST);
      await migrateWith(database, FIRST);
      await migrateWith(database, { ...FIRST, ...SECOND });
      expect(await rows(database, "SELECT n, word FROM thing")).toEqual([{ n: 1, word: "one" }]);
      expect(await rows(database, "SELECT version, name FROM schema_migration ORDER BY version")).toEqual([
        { version: 1, name: "first" },
        { version: 2, name: "second" },
      ]);
    });

    test("servers that start together run each migration once", async () => {
      await Promise.all([1, 2, 3].map(() => migrateWith(database, { ...FIRST, ...SECOND })));
      expect(await rows(database, "SELECT count(*)::integer AS count FROM thing")).toEqual([{ count: 1 }]);
    });

    test("a migration that was edited after it was applied is refused, and nothing runs", async () => {
      await migrateWith(database, FIRST);
      const edited = { "001_first.sql": `${FIRST["001_first.sql"]}, (2)`, ...SECOND };
      await expect(migrateWith(database, edited)).rejects.toThrow(
        /001_first was applied .* with another text/,
      );
      expect(await rows(database, "SELECT * FROM thing")).toEqual([{ n: 1 }]);
    });

    test("a database of a newer version is refused", async () => {
      await migrateWith(database, { ...FIRST, ...SECOND });
      await expect(migrateWith(database, FIRST)).rejects.toThrow(MigrationRefused);
      await expect(migrateWith(database, FIRST)).rejects.toThrow("002_second");
    });

    test("a migration that fails halfway leaves nothing of itself, and runs again when it is mended", async () => {
      const broken = {
        "002_second.sql": "ALTER TABLE thing ADD COLUMN word text; SELECT no_such_function()",
      };
      await expect(migrateWith(database, { ...FIRST, ...broken })).rejects.toThrow("no_such_function");
      expect(await rows(database, "SELECT * FROM thing")).toEqual([{ n: 1 }]);
      await migrateWith(database, { ...FIRST, ...SECOND });
      expect(await rows(database, "SELECT * FROM thing")).toEqual([{ n: 1, word: "one" }]);
    });

    test("what was stored before each migration is there after all of them", async () => {
      const migrations = await readMigrations(MIGRATIONS_FOLDER);
      const location = await under.freshLocation();
      const database = await under.openDatabase(location);
      const counts = new Map<number, number>();
      for (const { version } of migrations) {
        await migrate(database, migrations.slice(0, version));
        const sample = await readFile(
          join(SAMPLES_FOLDER, `${String(version).padStart(3, "0")}.sql`),
          "utf8",
        );
        await database.run(sample);
        for (const { id, name } of await tables(database)) counts.set(id, await count(database, name));
      }
      for (const { id, name } of await tables(database)) {
        const before = counts.get(id) ?? 0;
        expect([name, await count(database, name)]).toEqual([name, before]);
        expect([name, before > 0]).toEqual([name, true]);
        counts.delete(id);
      }
      expect([...counts]).toEqual([]);
      // The one that was a task's before runs had a table, and the one that was stored in it.
      const runs = "SELECT id, task_id FROM run ORDER BY id";
      const task_id = "1300192-7-1";
      expect(await rows(database, runs)).toEqual([
        { id: 77_000, task_id },
        { id: 77_001, task_id },
      ]);
      await database.close();
      await expectReadable(location);
    });

    test("every migration has a sample of what was stored under it", async () => {
      const migrations = await readMigrations(MIGRATIONS_FOLDER);
      const samples = (await readdir(SAMPLES_FOLDER)).sort();
      expect(samples).toEqual(migrations.map(({ version }) => `${String(version).padStart(3, "0")}.sql`));
    });
  });
}

/** The store of today reads what was stored back then. */
async function expectReadable(location: StoreLocation): Promise<void> {
  const store = await openStore(location);
  const [task] = await store.tasks.listOpenOfTenant(4711 as TenantId);
  if (!task) throw new Error("The sample's task is gone.");
  const loaded = await store.tasks.load(task);
  const history = await store.tasks.history(task);
  expect(loaded?.version).toBe(history.length);
  // The state that was kept, and what has happened since.
  expect(loaded?.task).toMatchObject({ issue: { title: "Greet in\0 French" }, hold: null });
  expect(verifyChain(history, sha256Hex)).toMatchObject({ ok: true });
  const bodies = (await store.inbox.pending(10)).map(({ body }) => Buffer.from(body).toString());
  expect(bodies).toEqual([
    '{"delivery":"6f1d2a10-1111-4c1e-9a52-000000000002"}',
    '{"action":"labeled","repository":{"id":1300192}}',
  ]);
  expect(await dueEffects(store.outbox, new Date("2026-03-01T12:00:00.000Z"))).toHaveLength(1);
  await store.close();
}

async function migrateWith(database: SqlClient, files: Record<string, string>): Promise<void> {
  const folder = await mkdtemp(join(tmpdir(), "baton-migrations-"));
  for (const [file, script] of Object.entries(files)) await writeFile(join(folder, file), script);
  try {
    await migrate(database, await readMigrations(folder));
  } finally {
    await rm(folder, { recursive: true });
  }
}

function rows(database: SqlClient, text: string): Promise<readonly unknown[]> {
  return database.query({ name: "", text });
}

type Table = { readonly id: number; readonly name: string };

/** A table keeps its id when it gets another name. */
function tables(database: SqlClient): Promise<readonly Table[]> {
  const text = `
    SELECT oid AS id, relname AS name FROM pg_class
    WHERE relkind = 'r' AND relnamespace = current_schema()::regnamespace`;
  return database.query<Table>({ name: "", text });
}

async function count(database: SqlClient, table: string): Promise<number> {
  const [row] = await database.query<{ count: number }>({ name: "", text: `SELECT count(*) FROM ${table}` });
  return row?.count ?? -1;
}
