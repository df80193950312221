import { execFile } from "node:child_process";
import { randomBytes } from "node:crypto";
import { chownSync, readFileSync, renameSync, rmSync, writeFileSync } from "node:fs";
import { dirname } from "node:path";
import { promisify } from "node:util";
import { syncPath } from "../data-directory/sync-tree.ts";
import type { Account } from "./choose-account.ts";
import { DATABASE_USER } from "./server-address.ts";

const run = promisify(execFile);

/** How `initdb` makes the files: a locale that is the same on every machine, and a checksum on every page. */
const INITDB_OPTIONS = [
  `--username=${DATABASE_USER}`,
  "--auth=scram-sha-256",
  "--encoding=UTF8",
  "--locale-provider=builtin",
  "--builtin-locale=C.UTF-8",
  "--locale=C",
  "--data-checksums",
];

/**
 * The password of the server's one role, made at the first start and kept in a file that only this account, and the
 * one that PostgreSQL runs as, can read.
 */
export function keepPassword(file: string, account: Account | null): string {
  try {
    // An older version that was killed while it wrote left it empty.
    const kept = readFileSync(file, "utf8");
    if (kept !== "") return kept;
  } catch (error) {
    if (!(error instanceof Error && "code" in error && error.code === "ENOENT")) throw error;
  }
  const password = randomBytes(24).toString("base64url");
  const fresh = `${file}.new`;
  rmSync(fresh, { force: true });
  writeFileSync(fresh, password, { mode: 0o600, flag: "wx" });
  if (account) chownSync(fresh, account.uid, account.gid);
  syncPath(fresh);
  renameSync(fresh, file);
  syncPath(dirname(file));
  return password;
}

/** Fills an empty folder with a new database. Throws with what `initdb` says. */
export async function createCluster(
  initdb: string,
  place: { readonly folder: string; readonly passwordFile: string; readonly account: Account | null },
): Promise<void> {
  const { folder, passwordFile, account } = place;
  if (account) chownSync(folder, account.uid, account.gid);
  try {
    // What it writes is put on disk afterwards, with the folder's name.
    await run(initdb, [...INITDB_OPTIONS, `--pgdata=${folder}`, `--pwfile=${passwordFile}`, "--no-sync"], {
      ...account,
      cwd: folder,
      env: { LC_ALL: "C", PATH: process.env["PATH"] },
    });
  } catch (cause) {
    const said = cause instanceof Error && "stderr" in cause ? String(cause.stderr).trim() : String(cause);
    const remedy = account
      ? ` It ran as user ${account.uid}, since PostgreSQL does not run as root: that user needs to reach the data ` +
        "directory and Baton's packages through all folders above them."
      : "";
    throw new Error(`PostgreSQL could not be set up: ${said}.${remedy}`, { cause });
  }
}
