import type { Log } from "../../../ports/log.ts";
import type { SqlClient, Statement } from "../sql-client.ts";

// PGlite is one backend without the processes that look after a server's files: nothing in it ever writes a checkpoint,
// so that its log grows for ever and the next start replays all of it, and nothing removes dead rows or counts rows for
// the planner. So it is done from here.

const INTERVAL_MS = 15_000;
const CHECKPOINT_AFTER_BYTES = 64 * 1024 * 1024;
const CHECKPOINT_AFTER_SECONDS = 300;

const readLog: Statement = {
  name: "read_log",
  text: `
SELECT pg_wal_lsn_diff(pg_current_wal_insert_lsn(), redo_lsn)::float8 AS bytes,
  extract(epoch FROM clock_timestamp() - checkpoint_time)::float8 AS seconds
FROM pg_control_checkpoint()`,
};

/** A checkpoint record itself takes this much, so that a database at rest is left at rest. */
const IDLE_BYTES = 1_024;

/** The one backend keeps its counts to itself until it is asked to share them, with itself. */
const shareCounts: Statement = { name: "share_counts", text: "SELECT pg_stat_force_next_flush()" };

/** The thresholds of PostgreSQL's own autovacuum. */
const readStale: Statement = {
  name: "read_stale_tables",
  text: `
SELECT quote_ident(relname) AS name FROM pg_stat_user_tables
WHERE n_dead_tup > 50 + 0.2 * n_live_tup
  OR n_ins_since_vacuum > 1000 + 0.2 * n_live_tup
  OR n_mod_since_analyze > 50 + 0.1 * n_live_tup`,
};

/** Looks after the database until the function it returns is called. */
export function maintainDatabase(client: SqlClient, log: Log): () => void {
  let running: Promise<void> = Promise.resolve();
  let stopped = false;
  const timer = setInterval(() => {
    running = running.then(async () => {
      if (stopped) return;
      await maintainOnce(client).catch((error: unknown) => {
        log.error({ err: error }, "The embedded database could not be maintained; it will be tried again.");
      });
    });
  }, INTERVAL_MS);
  timer.unref();
  return () => {
    stopped = true;
    clearInterval(timer);
  };
}

/** Does what is due now: a checkpoint when the log has grown or is old, and a vacuum of tables that changed much. */
export async function maintainOnce(client: SqlClient): Promise<void> {
  const [state] = await client.query<{ bytes: number; seconds: number }>(readLog);
  if (state && isCheckpointDue(state)) await client.run("CHECKPOINT");
  await client.query(shareCounts);
  for (const { name } of await client.query<{ name: string }>(readStale)) {
    await client.run(`VACUUM (ANALYZE) ${name}`);
  }
}

function isCheckpointDue(state: { readonly bytes: number; readonly seconds: number }): boolean {
  if (state.bytes > CHECKPOINT_AFTER_BYTES) return true;
  return state.bytes > IDLE_BYTES && state.seconds > CHECKPOINT_AFTER_SECONDS;
}
