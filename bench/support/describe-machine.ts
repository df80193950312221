import { execFileSync } from "node:child_process";
import { closeSync, fdatasyncSync, mkdtempSync, openSync, rmSync, writeSync } from "node:fs";
import { availableParallelism, cpus, loadavg, release, tmpdir, totalmem } from "node:os";
import { join } from "node:path";

/** What the figures depend on and a reader cannot see in them. */
export type Machine = {
  readonly processors: number;
  readonly processor: string;
  readonly memoryGb: number;
  readonly kernel: string;
  readonly node: string;
  /** null where it is not installed. */
  readonly postgres: string | null;
  readonly redis: string | null;
  /** Writes of 8 kB, each followed by fdatasync, that the temporary folder's disk takes in a second. */
  readonly syncedWritesPerSecond: number;
  /** Load average of the minute before, for a machine that was busy shows in its figures; results of old have none. */
  readonly load?: number;
};

export function describeMachine(): Machine {
  const [load = 0] = loadavg();
  return {
    processors: availableParallelism(),
    processor: cpus()[0]?.model.trim() ?? "unknown",
    memoryGb: Math.round(totalmem() / 2 ** 30),
    kernel: release(),
    node: process.versions.node,
    postgres: versionOf("psql", ["--version"]),
    redis: versionOf("redis-server", ["--version"]),
    syncedWritesPerSecond: countSyncedWrites(1_000),
    load: Number(load.toFixed(1)),
  };
}

function versionOf(program: string, args: readonly string[]): string | null {
  try {
    return /\d+\.[\d.]+/.exec(execFileSync(program, args, { encoding: "utf8" }))?.[0] ?? null;
  } catch {
    return null;
  }
}

function countSyncedWrites(forMs: number): number {
  const folder = mkdtempSync(join(tmpdir(), "baton-bench-disk-"));
  const file = openSync(join(folder, "page"), "w");
  const page = Buffer.alloc(8_192, 1);
  try {
    const start = performance.now();
    let count = 0;
    for (; performance.now() - start < forMs; count += 1) {
      writeSync(file, page, 0, page.length, (count % 1_024) * page.length);
      fdatasyncSync(file);
    }
    return Math.round((count * 1_000) / (performance.now() - start));
  } finally {
    closeSync(file);
    rmSync(folder, { recursive: true });
  }
}
