import { mkdirSync, readFileSync, writeFileSync } from "node:fs";
import { hostname } from "node:os";
import { join } from "node:path";
import { DatabaseSync } from "node:sqlite";

/** Who works in a data directory, as its holder wrote it down. */
export type DirectoryHolder = { readonly pid: number; readonly host: string; readonly startedAt: string };

/** Another process has the data directory open. Nothing was changed. */
export class DirectoryLocked extends Error {
  readonly holder: DirectoryHolder | null;

  constructor(dataDir: string, holder: DirectoryHolder | null) {
    const by = holder
      ? `process ${holder.pid} on ${holder.host}, started at ${holder.startedAt}`
      : "another process";
    super(`The data directory ${dataDir} is in use by ${by}. Stop it first, or choose another directory.`);
    this.name = "DirectoryLocked";
    this.holder = holder;
  }
}

/** SQLITE_BUSY: https://www.sqlite.org/rescode.html#busy */
const SQLITE_BUSY = 5;

/**
 * Keeps all other processes out of a data directory until `release` is called or this process is gone. PGlite itself
 * has no lock: with two processes, writes that one was told are stored are overwritten by the other.
 *
 * The lock is the operating system's on the file `lock`, taken through SQLite because Node has no call for it. So it
 * ends with its process however that dies, and no pid has to be judged dead or alive, which containers that share a
 * directory, and pids that are used again, would get wrong. `lock-holder.json` only names the holder to others.
 */
export function lockDirectory(dataDir: string): { readonly release: () => void } {
  mkdirSync(dataDir, { recursive: true, mode: 0o700 });
  const holderFile = join(dataDir, "lock-holder.json");
  const lock = new DatabaseSync(join(dataDir, "lock"), { timeout: 0 });
  try {
    lock.exec("PRAGMA locking_mode = EXCLUSIVE; BEGIN EXCLUSIVE");
  } catch (error) {
    lock.close();
    if (isBusy(error)) throw new DirectoryLocked(dataDir, readHolder(holderFile));
    throw error;
  }
  writeFileSync(holderFile, `${JSON.stringify(thisProcess(), null, 2)}\n`);
  return {
    release() {
      lock.close();
    },
  };
}

function isBusy(error: unknown): boolean {
  return error instanceof Error && "errcode" in error && error.errcode === SQLITE_BUSY;
}

function thisProcess(): DirectoryHolder {
  const startedAt = new Date(Date.now() - process.uptime() * 1_000).toISOString();
  return { pid: process.pid, host: hostname(), startedAt };
}

function readHolder(file: string): DirectoryHolder | null {
  try {
    return JSON.parse(readFileSync(file, "utf8")) as DirectoryHolder;
  } catch {
    // The holder has the lock but has not written its name yet.
    return null;
  }
}
