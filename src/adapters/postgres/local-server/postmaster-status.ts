import { readFileSync } from "node:fs";
import { join } from "node:path";

/** What PostgreSQL's first process writes about itself. */
export type PostmasterStatus = { readonly pid: number; readonly isReady: boolean };

/** Line of the status in the file, from 0: `ready` once connections are accepted. */
const STATUS_LINE = 7;

/**
 * Reads `postmaster.pid`, as `pg_ctl` does. Null where there is none; then PostgreSQL has ended in order.
 * https://www.postgresql.org/docs/18/storage-file-layout.html
 */
export function readPostmasterStatus(database: string): PostmasterStatus | null {
  try {
    const lines = readFileSync(join(database, "postmaster.pid"), "utf8").split("\n");
    return { pid: Number(lines[0]), isReady: lines[STATUS_LINE]?.trim() === "ready" };
  } catch {
    return null;
  }
}
