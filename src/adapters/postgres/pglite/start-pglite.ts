import { mkdirSync } from "node:fs";
import { join, resolve } from "node:path";
import type { Log } from "../../../ports/log.ts";
import type { SqlClient } from "../sql-client.ts";
import { EmbeddedClient } from "./embedded-client.ts";
import { openEmbedded } from "./embedded-connection.ts";
import { lockDirectory } from "./lock-directory.ts";
import { maintainDatabase } from "./maintain-database.ts";

/**
 * The embedded database in a data directory, which is made where it is missing and survives power cuts, or in memory.
 * Throws `DirectoryLocked` when another process has the directory open.
 */
export async function startPglite(dataDir: string | null, log: Log): Promise<SqlClient> {
  if (dataDir === null) return startInMemory(log);
  const path = resolve(dataDir);
  mkdirSync(path, { recursive: true, mode: 0o700 });
  const lock = lockDirectory(path);
  const open = () => openEmbedded(join(path, "pgdata"), log);
  try {
    const client = new EmbeddedClient(await open(), open, () => {
      stopMaintenance();
      lock.release();
    });
    const stopMaintenance = maintainDatabase(client, log);
    return client;
  } catch (error) {
    lock.release();
    throw error;
  }
}

async function startInMemory(log: Log): Promise<SqlClient> {
  const refuse = () =>
    Promise.reject(new Error("The embedded database has failed, and what it held in memory is gone."));
  return new EmbeddedClient(await openEmbedded(null, log), refuse, () => undefined);
}
