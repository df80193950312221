import { existsSync, mkdirSync } from "node:fs";
import { dirname, join, resolve } from "node:path";
import { lockDirectory } from "./lock-directory.ts";

/** The folder of the database's files within a data directory, by what keeps them. */
export const DATABASE_FOLDERS = { embedded: "pgdata", server: "postgres" } as const;

export type DatabaseKind = keyof typeof DATABASE_FOLDERS;

/** The data directory holds a record that the other kind of database keeps. Nothing was changed. */
export class WrongDatabase extends Error {
  constructor(dataDir: string, holds: DatabaseKind) {
    const other = { embedded: "the embedded database", server: "a PostgreSQL server" }[holds];
    super(
      `The data directory ${dataDir} holds the record of ${other}. ` +
        `Set BATON_STORE=${holds === "server" ? "postgres" : "embedded"}, or choose another directory.`,
    );
    this.name = "WrongDatabase";
  }
}

export type ClaimedDirectory = {
  /** Absolute. */
  readonly path: string;
  /** Of the database's own files; not made yet in a new directory. */
  readonly database: string;
  readonly release: () => void;
};

/**
 * Makes the data directory where it is missing, and keeps all other processes out of it until it is released. Throws
 * `DirectoryLocked` and `WrongDatabase`.
 */
export function claimDirectory(dataDir: string, kind: DatabaseKind): ClaimedDirectory {
  const path = resolve(dataDir);
  mkdirSync(dirname(path), { recursive: true });
  mkdirSync(path, { recursive: true, mode: 0o700 });
  const lock = lockDirectory(path);
  const other = kind === "server" ? "embedded" : "server";
  if (existsSync(join(path, DATABASE_FOLDERS[other]))) {
    lock.release();
    throw new WrongDatabase(path, other);
  }
  return { path, database: join(path, DATABASE_FOLDERS[kind]), release: () => lock.release() };
}
