import type { Log } from "../../../ports/log.ts";
import { claimDirectory } from "../data-directory/claim-directory.ts";
import type { SqlClient } from "../sql-client.ts";
import { EmbeddedClient } from "./embedded-client.ts";
import { openEmbedded } from "./embedded-connection.ts";
import { maintainDatabase } from "./maintain-database.ts";

/**
 * The embedded database in a data directory, which is made where it is missing and survives power cuts, or in memory.
 * Throws `DirectoryLocked` when another process has the directory open, and `WrongDatabase` when a server kept it.
 */
export async function startPglite(dataDir: string | null, log: Log): Promise<SqlClient> {
  if (dataDir === null) return startInMemory(log);
  const directory = claimDirectory(dataDir, "embedded");
  const open = () => openEmbedded(directory.database, log);
  try {
    const client = new EmbeddedClient(await open(), open, () => {
      stopMaintenance();
      directory.release();
    });
    const stopMaintenance = maintainDatabase(client, log);
    return client;
  } catch (error) {
    directory.release();
    throw error;
  }
}

async function startInMemory(log: Log): Promise<SqlClient> {
  const refuse = () =>
    Promise.reject(new Error("The embedded database has failed, and what it held in memory is gone."));
  return new EmbeddedClient(await openEmbedded(null, log), refuse, () => undefined);
}
