import { existsSync, readFileSync, statfsSync } from "node:fs";
import { dirname, join, resolve } from "node:path";
import type { Log } from "../../../ports/log.ts";
import type { DatabaseInspection, StoreInspection } from "../../../ports/store-inspection.ts";
import { connectPostgres } from "../connect-postgres.ts";
import type { DatabaseKind } from "../data-directory/claim-directory.ts";
import { claimDirectory, DATABASE_FOLDERS } from "../data-directory/claim-directory.ts";
import { DirectoryLocked } from "../data-directory/lock-directory.ts";
import { serverUrl } from "../local-server/server-address.ts";
import { startLocalServer } from "../local-server/start-local-server.ts";
import type { LastingLocation } from "../open-store.ts";
import { countSyncsOfCommit } from "../pglite/count-syncs.ts";
import { startPglite } from "../pglite/start-pglite.ts";
import type { SqlClient } from "../sql-client.ts";
import { inspectDatabase } from "./inspect-database.ts";

const SILENT: Log = { info: () => undefined, warn: () => undefined, error: () => undefined };

type Found = Pick<StoreInspection, "holder" | "database">;

/**
 * Looks at the store as it is: nothing is made, migrated or stored, and a running server is left alone. What cannot be
 * opened is said instead of thrown.
 */
export async function inspectStore(location: LastingLocation): Promise<StoreInspection> {
  if ("url" in location) {
    const found = await orUnreachable(() => inspectServer(location.url));
    return { kind: "server", place: withoutPassword(location.url), freeBytes: null, ...found };
  }
  const kind = "serverDir" in location ? "local-server" : "embedded";
  const path = resolve("serverDir" in location ? location.serverDir : location.dataDir);
  const look = kind === "embedded" ? inspectEmbedded : inspectLocalServer;
  const found = isNew(path)
    ? ({ holder: null, database: { kind: "new" } } as const)
    : await orUnreachable(() => look(path));
  return { kind, place: path, freeBytes: freeBytesAt(path), ...found };
}

async function inspectServer(url: string): Promise<Found> {
  return { holder: null, database: await inspectAndClose(connectPostgres(url, SILENT), null) };
}

async function inspectEmbedded(path: string): Promise<Found> {
  try {
    const syncs = await countSyncs(path);
    return { holder: null, database: await inspectAndClose(await startPglite(path, SILENT), syncs) };
  } catch (error) {
    if (!(error instanceof DirectoryLocked)) throw error;
    return { holder: error.holder, database: { kind: "closed" } };
  }
}

async function countSyncs(path: string): Promise<number> {
  const directory = claimDirectory(path, "embedded");
  try {
    return await countSyncsOfCommit(directory.database);
  } finally {
    directory.release();
  }
}

/** A server of our own that runs answers to whoever can read its password. */
async function inspectLocalServer(path: string): Promise<Found> {
  try {
    return { holder: null, database: await inspectAndClose(await startLocalServer(path, SILENT), null) };
  } catch (error) {
    if (!(error instanceof DirectoryLocked)) throw error;
    const { holder } = error;
    const running = connectPostgres(serverUrl(path, readFileSync(join(path, "password"), "utf8")), SILENT);
    return { holder, database: await inspectAndClose(running, null) };
  }
}

async function inspectAndClose(client: SqlClient, syncs: number | null): Promise<DatabaseInspection> {
  try {
    return await inspectDatabase(client, syncs);
  } finally {
    await client.close();
  }
}

async function orUnreachable(look: () => Promise<Found>): Promise<Found> {
  try {
    return await look();
  } catch (error) {
    const why = error instanceof Error ? error.message : String(error);
    return { holder: null, database: { kind: "unreachable", why } };
  }
}

function isNew(path: string): boolean {
  const kinds = Object.keys(DATABASE_FOLDERS) as DatabaseKind[];
  return kinds.every((kind) => !existsSync(join(path, DATABASE_FOLDERS[kind])));
}

/** Of the file system that has the directory, or will have it. */
function freeBytesAt(path: string): number {
  let there = path;
  while (!existsSync(there)) there = dirname(there);
  const { bavail, bsize } = statfsSync(there);
  return bavail * bsize;
}

/** A password may hold an `@` as it is: the last one before the path ends it. One that holds a `/` makes no URL. */
export function withoutPassword(url: string): string {
  return url
    .replace(/^([a-z]+:\/\/[^:@/]*):(?:[^/?#]*|[^@]*)@/i, "$1@")
    .replace(/([?&]password=)[^&]*/i, "$1…");
}
