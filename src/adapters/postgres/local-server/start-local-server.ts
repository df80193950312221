import { execFile } from "node:child_process";
import { chownSync, existsSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { promisify } from "node:util";
import type { Log } from "../../../ports/log.ts";
import { connectPostgres } from "../connect-postgres.ts";
import { claimDirectory } from "../data-directory/claim-directory.ts";
import { createWhole } from "../data-directory/create-whole.ts";
import type { SqlClient } from "../sql-client.ts";
import { chooseAccount } from "./choose-account.ts";
import { createCluster, keepPassword } from "./create-cluster.ts";
import { endLeftover } from "./end-leftover.ts";
import { findPrograms } from "./find-programs.ts";
import { keepRunning } from "./keep-running.ts";
import { startPostmaster } from "./postmaster.ts";
import { DURABLE_OPTIONS, listenOptions, serverUrl } from "./server-address.ts";

const run = promisify(execFile);

/**
 * PostgreSQL itself on a data directory of our own, which is made where it is missing: started here, reached through a
 * socket in the directory, started again when it dies, and stopped with `close`. When this process is killed, PostgreSQL
 * lives on until the next start, which ends it first. Throws `DirectoryLocked` when another process has the directory,
 * `WrongDatabase` when it is the embedded database's, and an error with a remedy when PostgreSQL does not start.
 */
export async function startLocalServer(dataDir: string, log: Log): Promise<SqlClient> {
  const directory = claimDirectory(dataDir, "server");
  try {
    const { url, stop } = await startIn(directory, log);
    const client = connectPostgres(url, log);
    return {
      connections: client.connections,
      copiesWhole: client.copiesWhole,
      query: (statement, parameters) => client.query(statement, parameters),
      copy: (query, take) => client.copy(query, take),
      run: (script) => client.run(script),
      transaction: (work) => client.transaction(work),
      async close() {
        await client.close();
        await stop();
        directory.release();
      },
    };
  } catch (error) {
    directory.release();
    throw error;
  }
}

type Place = { readonly path: string; readonly database: string };

async function startIn({ path, database }: Place, log: Log) {
  const programs = findPrograms();
  const passwordFile = join(path, "password");
  const account = await chooseAccount(database);
  if (account) chownSync(path, account.uid, account.gid);
  const url = serverUrl(path, keepPassword(passwordFile, account));
  if (existsSync(database)) await refuseOtherVersion(database, programs.postgres);
  else {
    await createWhole(database, (folder) =>
      createCluster(programs.initdb, { folder, passwordFile, account }),
    );
  }
  const options = {
    program: programs.postgres,
    args: ["-D", database, "-c", "log_line_prefix=", ...listenOptions(path), ...DURABLE_OPTIONS],
    account,
    database,
  };
  const stop = await keepRunning(async () => {
    await endLeftover(database, log);
    return startPostmaster(options, log);
  }, log);
  return { url, stop };
}

/** The files of one major version are not those of the next. */
async function refuseOtherVersion(database: string, program: string): Promise<void> {
  const made = readFileSync(join(database, "PG_VERSION"), "utf8").trim();
  const { stdout } = await run(program, ["--version"]);
  const ours = /(\d+)[.\w]*\s*$/.exec(stdout)?.[1];
  if (made !== ours) {
    throw new Error(
      `The database in ${database} was made by PostgreSQL ${made}, and this version of Baton brings ${ours ?? stdout}: ` +
        `start the version of Baton that made it, or bring the files forward with pg_upgrade.`,
    );
  }
}
