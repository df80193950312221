import { fdatasyncSync, fsyncSync } from "node:fs";
import type { PGlite } from "@electric-sql/pglite";
import { NodeFS } from "@electric-sql/pglite/nodefs";

/** What Emscripten keeps of an open file or folder: its path inside, and its descriptor in this process. */
type NodeStream = { readonly path: string; readonly nfd: number };

/** The part of Emscripten's node file system that is extended here. */
type NodeFileSystem = { readonly stream_ops: { fsync?: (stream: NodeStream) => number } };

type EmscriptenOptions = Parameters<NodeFS["init"]>[1];

/** Puts an open file on disk. Returns when it is there, and does not return otherwise. */
export type Sync = (stream: NodeStream) => void;

/**
 * PGlite's file system on disk, with `fsync`. The one it ships has none, so that PostgreSQL believes its log is on disk
 * when the kernel has only heard of it: a power cut then loses what was acknowledged, or the whole directory.
 */
export class DurableNodeFS extends NodeFS {
  readonly #sync: Sync;

  constructor(folder: string, sync: Sync = syncStream) {
    super(folder);
    this.#sync = sync;
  }

  override async init(pg: PGlite, options: EmscriptenOptions) {
    const { emscriptenOpts } = await super.init(pg, options);
    const addSync = (module: { readonly NODEFS: unknown }): void => {
      (module.NODEFS as NodeFileSystem).stream_ops.fsync = (stream) => {
        this.#sync(stream);
        return 0;
      };
    };
    return { emscriptenOpts: { ...emscriptenOpts, preRun: [...(emscriptenOpts.preRun ?? []), addSync] } };
  }
}

/** A segment of the log, which has its full size from the start: `xlogtemp.<pid>` until it is allocated and on disk. */
const LOG_SEGMENT = /\/pg_wal\/[0-9A-F]{24}$/;

/**
 * Segments of the log are only ever overwritten, so that their data is all that a commit has to wait for; it is also
 * what PostgreSQL does on Linux by default. For everything else size and names matter as well.
 */
export function syncStream({ path, nfd }: NodeStream): void {
  if (LOG_SEGMENT.test(path)) fdatasyncSync(nfd);
  else fsyncSync(nfd);
}

/**
 * Start parameters under which commits wait for the disk. PGlite's own begin with `-F`, which turns `fsync` off; and
 * the default way to sync the log is the system call `fdatasync`, which Emscripten answers without doing anything.
 */
export function durableStartParams(defaults: readonly string[]): string[] {
  return [...defaults.filter((param) => param !== "-F"), "-c", "wal_sync_method=fsync"];
}
