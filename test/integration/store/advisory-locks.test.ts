import { Client } from "pg";
import { afterAll, beforeAll, describe, expect, onTestFinished, test } from "vitest";
import { AdvisoryLocks } from "../../../src/adapters/postgres/advisory-locks.ts";
import {
  findPostgresPrograms,
  startPostgres,
  type TestPostgres,
} from "../../support/postgres/start-postgres.ts";
import { waitFor } from "../../support/wait-for.ts";

const silent = { info: () => undefined, warn: () => undefined, error: () => undefined };

describe.skipIf((await findPostgresPrograms()) === null)("locks on PostgreSQL", () => {
  let postgres: TestPostgres;

  beforeAll(async () => {
    postgres = await startPostgres();
  });

  afterAll(async () => {
    await postgres.stop();
  });

  test("a connection that cannot take again what was held is ended, and keeps nothing from others", async () => {
    const url = await postgres.createDatabase();
    const database = new Client({ connectionString: url });
    await database.connect();
    const locks = new AdvisoryLocks(url, silent);
    onTestFinished(async () => {
      await locks.close();
      await database.end();
    });
    const connections = `FROM pg_stat_activity WHERE application_name = 'baton-locks'`;
    const expectNone = () =>
      waitFor(async () => expect((await database.query(`SELECT pid ${connections}`)).rows).toEqual([]));
    await locks.take(["leader"]);
    await database.query(`
      CREATE SCHEMA broken;
      CREATE FUNCTION broken.pg_try_advisory_lock(key bigint) RETURNS boolean LANGUAGE plpgsql AS
        $$ BEGIN PERFORM pg_catalog.pg_advisory_lock(key); RAISE EXCEPTION 'no'; END $$;
      DO $$ BEGIN
        EXECUTE format('ALTER DATABASE %I SET search_path = broken, pg_catalog', current_database());
      END $$`);
    await database.query(`SELECT pg_terminate_backend(pid) ${connections}`);
    await expectNone();
    await waitFor(() => expect(locks.take(["leader"])).rejects.toThrow("no"));
    await expectNone();
    await database.query("DROP SCHEMA broken CASCADE");
    expect(await locks.take(["leader"])).toEqual(new Set(["leader"]));
  });
});
