import { Client } from "pg";
import { startPostgres, type TestPostgres } from "../../test/support/postgres/start-postgres.ts";

const LOG_MB = 1_024;

/**
 * PostgreSQL as it is after its first hour: it writes over the files of its log. One that has just been made fills each new
 * file with zeros first, which has whoever commits then wait for some 40 ms, twice a second under this load.
 */
export async function startSeasonedPostgres(environment?: NodeJS.ProcessEnv): Promise<TestPostgres> {
  const postgres = await startPostgres(environment);
  try {
    await fillLog(await postgres.createDatabase());
  } catch (error) {
    await postgres.stop();
    throw error;
  }
  return postgres;
}

/** A checkpoint keeps the files that it needs no more, for as much of the log as the settings say. */
async function fillLog(url: string): Promise<void> {
  const database = new Client({ connectionString: url });
  await database.connect();
  try {
    await database.query(`ALTER SYSTEM SET min_wal_size = '${LOG_MB}MB'`);
    await database.query(`ALTER SYSTEM SET max_wal_size = '${4 * LOG_MB}MB'`);
    await database.query("SELECT pg_reload_conf()");
    await database.query(
      `SELECT pg_logical_emit_message(false, 'bench', repeat('x', 1024 * 1024)) FROM generate_series(1, ${LOG_MB})`,
    );
    await database.query("CHECKPOINT");
  } finally {
    await database.end();
  }
}
