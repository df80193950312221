import type { RecordVerdict } from "./task-store.ts";

/** What protects a record, as it was found. */
export type StoreInspection = {
  /** A PostgreSQL server that somebody runs, one that Baton runs on its data directory, or the embedded database. */
  readonly kind: "server" | "local-server" | "embedded";
  /** The data directory, or the server's address without its password. */
  readonly place: string;
  /** The process that has the data directory; null for a server, and where nobody has it. */
  readonly holder: { readonly pid: number; readonly host: string; readonly startedAt: string } | null;
  /** Where the data directory lies; null for a server, whose disk is not seen from here. */
  readonly freeBytes: number | null;
  readonly database: DatabaseInspection;
};

export type DatabaseInspection =
  /** Nothing was ever stored there. */
  | { readonly kind: "new" }
  /** Only its holder can look into it. */
  | { readonly kind: "closed" }
  | { readonly kind: "unreachable"; readonly why: string }
  | {
      readonly kind: "open";
      readonly settings: DurabilitySettings;
      readonly commit: CommitProbe;
      readonly schema: SchemaInspection;
      /** Null when the schema is not this program's. */
      readonly content: ContentInspection | null;
    };

/** PostgreSQL's own words: https://www.postgresql.org/docs/18/runtime-config-wal.html */
export type DurabilitySettings = {
  readonly serverVersion: string;
  readonly fsync: string;
  readonly synchronousCommit: string;
  readonly fullPageWrites: string;
  readonly walSyncMethod: string;
  readonly dataChecksums: string;
};

export type CommitProbe = {
  /** Median of some commits that change nothing. */
  readonly durationMs: number;
  /** How often one asked the disk to keep what it had; null where that cannot be counted. */
  readonly syncs: number | null;
};

export type SchemaInspection = {
  readonly applied: number;
  readonly known: number;
  /** Why this program may not work on it. */
  readonly refusal: string | null;
};

export type ContentInspection = {
  readonly record: RecordVerdict;
  readonly deliveries: Waiting;
  /** Effects that are due. */
  readonly effects: Waiting;
};

export type Waiting = { readonly count: number; readonly oldestSeconds: number | null };
