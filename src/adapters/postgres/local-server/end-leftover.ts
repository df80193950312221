import { readdirSync, readlinkSync, realpathSync, rmSync } from "node:fs";
import { basename, join } from "node:path";
import { setTimeout as pause } from "node:timers/promises";
import type { Log } from "../../../ports/log.ts";
import { readPostmasterStatus } from "./postmaster-status.ts";

/**
 * How PostgreSQL is asked to end, and for how long: its first process in order; all of them at once, to recover at the
 * next start; and not asked. https://www.postgresql.org/docs/18/server-shutdown.html
 */
const REQUESTS = [
  { signal: "SIGINT", to: "first", waitMs: 30_000 },
  { signal: "SIGQUIT", to: "all", waitMs: 10_000 },
  { signal: "SIGKILL", to: "all", waitMs: 10_000 },
] as const;

const LOOK_MS = 20;

/**
 * Ends what an earlier server left running in its database: a killed server leaves PostgreSQL behind, and a killed
 * PostgreSQL its other processes. The caller has the data directory's lock, so that nobody needs them any more.
 *
 * PostgreSQL takes a `postmaster.pid` whose number some other process has by now for a server that runs. With nobody at
 * work in the folder it is removed. Where there is no /proc to tell, all is left to PostgreSQL itself.
 */
export async function endLeftover(database: string, log: Log): Promise<void> {
  const processes = () => processesIn(database);
  if (processes() === null) return;
  for (const { signal, to, waitMs } of REQUESTS) {
    const left = processes() ?? [];
    const asked = to === "all" ? left : left.filter((pid) => pid === readPostmasterStatus(database)?.pid);
    if (asked.length === 0) continue;
    log.warn({ pids: asked, signal }, "PostgreSQL outlived the process that had started it, and is stopped");
    for (const pid of asked) send(pid, signal);
    const until = Date.now() + waitMs;
    while (Date.now() < until && (processes() ?? []).length > 0) await pause(LOOK_MS);
  }
  const left = processes() ?? [];
  if (left.length > 0) {
    throw new Error(
      `PostgreSQL still runs in ${database} and does not end: stop process ${left.join(", ")}.`,
    );
  }
  rmSync(join(database, "postmaster.pid"), { force: true });
}

/** Those of PostgreSQL in its database's folder, where all of them work. Null where there is no /proc. */
function processesIn(database: string): readonly number[] | null {
  const folder = realpathSync(database);
  try {
    const pids = readdirSync("/proc").map(Number).filter(Number.isInteger);
    return pids.filter((pid) => linkOf(pid, "cwd") === folder && isPostgres(linkOf(pid, "exe")));
  } catch {
    return null;
  }
}

/** Null for a process that is gone, or that is another account's and so cannot be one of ours. */
function linkOf(pid: number, name: "cwd" | "exe"): string | null {
  try {
    return readlinkSync(`/proc/${pid}/${name}`);
  } catch {
    return null;
  }
}

/** A program that was replaced meanwhile is called `postgres (deleted)`. */
function isPostgres(program: string | null): boolean {
  return program !== null && basename(program).startsWith("postgres");
}

function send(pid: number, signal: NodeJS.Signals): void {
  try {
    process.kill(pid, signal);
  } catch (error) {
    if (!(error instanceof Error && "code" in error && error.code === "ESRCH")) throw error;
  }
}
