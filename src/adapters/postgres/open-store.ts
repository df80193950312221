import { fileURLToPath } from "node:url";
import type { Log } from "../../ports/log.ts";
import type { Store } from "../../ports/task-store.ts";
import { AdvisoryLocks } from "./advisory-locks.ts";
import { type PackBody, packingFor } from "./body-packing.ts";
import { connectPostgres } from "./connect-postgres.ts";
import { startLocalServer } from "./local-server/start-local-server.ts";
import { keepBodies } from "./keep-bodies.ts";
import { migrate } from "./migrate.ts";
import { startPglite } from "./pglite/start-pglite.ts";
import { PostgresAttemptStore } from "./postgres-attempt-store.ts";
import type { SettledDeliveries } from "./postgres-inbox.ts";
import { PostgresInbox } from "./postgres-inbox.ts";
import { PostgresMirrorStore } from "./postgres-mirror-store.ts";
import type { RunningEffects } from "./postgres-outbox.ts";
import { PostgresOutbox } from "./postgres-outbox.ts";
import { PostgresTaskStore } from "./postgres-task-store.ts";
import { readMigrations } from "./read-migrations.ts";
import type { SqlClient } from "./sql-client.ts";
import { WORK_CHANNEL, WorkListener } from "./work-listener.ts";
import { WorkSignal } from "./work-signal.ts";

/** Where a record is kept for good. */
export type LastingLocation =
  /** A PostgreSQL server, 15 or newer: `postgres://user@host:5432/database`. */
  | { readonly url: string }
  /** The embedded database in a folder, which is made where it is missing. One process at a time. */
  | { readonly dataDir: string }
  /** PostgreSQL itself on such a folder, started and stopped with the store. One process at a time. */
  | { readonly serverDir: string };

/** Where the record lies; in memory it is gone with the process, for tests. */
export type StoreLocation = LastingLocation | { readonly memory: true };

export const MIGRATIONS_FOLDER = fileURLToPath(new URL("../../../migrations/", import.meta.url));

const SILENT: Log = { info: () => undefined, warn: () => undefined, error: () => undefined };

/**
 * Opens the record, brings its schema forward, and gives the ports to it. Throws `DirectoryLocked` when another process
 * has the data directory, `WrongDatabase` when another kind of database keeps its record there, `MigrationRefused` when
 * the database is not one of this version or an older one, and an error that says why when a server cannot be reached or
 * started. `close` lets what was submitted finish first.
 */
export async function openStore(location: StoreLocation, log: Log = SILENT): Promise<Store> {
  const client = await openDatabase(location, log);
  const signal = new WorkSignal();
  const listener = "url" in location ? new WorkListener(location.url, signal, log) : null;
  try {
    await migrate(client, await readMigrations(MIGRATIONS_FOLDER));
    const pack = await packingFor(client);
    await listener?.start();
    const locks = "url" in location ? new AdvisoryLocks(location.url, log) : null;
    return assemble({ client, signal, listener, locks, pack, stopKeeping: keepBodies(client, log) });
  } catch (error) {
    await client.close();
    throw error;
  }
}

async function openDatabase(location: StoreLocation, log: Log): Promise<SqlClient> {
  if ("url" in location) return connectPostgres(location.url, log);
  if ("serverDir" in location) return startLocalServer(location.serverDir, log);
  return startPglite("dataDir" in location ? location.dataDir : null, log);
}

type StoreParts = {
  readonly client: SqlClient;
  readonly signal: WorkSignal;
  /** Both null where no other process can reach the database. */
  readonly listener: WorkListener | null;
  readonly locks: AdvisoryLocks | null;
  readonly pack: PackBody;
  readonly stopKeeping: () => Promise<void>;
};

function assemble({ client, signal, listener, locks, pack, stopKeeping }: StoreParts): Store {
  // Only other processes need a notice, and only a server has any.
  const notice = listener ? { channel: WORK_CHANNEL, sender: signal.sender } : null;
  const running: RunningEffects = new Set();
  const settledDeliveries: SettledDeliveries = new Set();
  const tasks = new PostgresTaskStore({ client, signal, notice, running, settledDeliveries });
  const inbox = new PostgresInbox({ client, settledDeliveries, pack });
  const outbox = new PostgresOutbox({ client, signal, running, locks });
  return {
    tasks,
    inbox,
    outbox,
    attempts: new PostgresAttemptStore(client),
    mirror: new PostgresMirrorStore(client),
    onWork: (wake) => {
      signal.listen(wake);
    },
    async close() {
      await Promise.all([tasks.drained(), inbox.drained(), outbox.drained()]);
      await stopKeeping();
      await listener?.stop();
      await locks?.close();
      await client.close();
    },
  };
}
