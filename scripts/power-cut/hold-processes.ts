import { readdirSync, readFileSync, readlinkSync } from "node:fs";
import { setTimeout as pause } from "node:timers/promises";

const LOOK_MS = 5;

/** Every process that works in a folder or has a file in it open. */
export function processesOn(folder: string): readonly number[] {
  const pids = readdirSync("/proc").map(Number).filter(Number.isInteger);
  return pids.filter((pid) => pid !== process.pid && linksOf(pid).some((path) => path.startsWith(folder)));
}

function linksOf(pid: number): readonly string[] {
  try {
    const descriptors = readdirSync(`/proc/${pid}/fd`).map((name) => `/proc/${pid}/fd/${name}`);
    return [`/proc/${pid}/cwd`, ...descriptors].flatMap(readLink);
  } catch {
    return [];
  }
}

function readLink(path: string): readonly string[] {
  try {
    return [readlinkSync(path)];
  } catch {
    return [];
  }
}

/** Does something while all processes on a folder stand still, in no call to the file system. */
export async function whileHeld<Value>(folder: string, work: () => Promise<Value>): Promise<Value> {
  const held = new Set<number>();
  try {
    // Those that were begun meanwhile are found in the next round.
    for (let found = processesOn(folder); found.some((pid) => !held.has(pid)); found = processesOn(folder)) {
      for (const pid of found) {
        held.add(pid);
        send(pid, "SIGSTOP");
      }
      while (!found.every(standsStill)) await pause(LOOK_MS);
    }
    return await work();
  } finally {
    for (const pid of held) send(pid, "SIGCONT");
  }
}

/** A thread in a call that cannot be interrupted, like a sync, comes to its end first. */
function standsStill(pid: number): boolean {
  try {
    return readdirSync(`/proc/${pid}/task`).every((thread) => {
      const stat = readFileSync(`/proc/${pid}/task/${thread}/stat`, "utf8");
      // The command's name stands in parentheses and may itself hold some (proc(5)).
      return /^[TtZX]/.test(stat.slice(stat.lastIndexOf(")") + 2));
    });
  } catch {
    // It has ended.
    return true;
  }
}

function send(pid: number, signal: NodeJS.Signals): void {
  try {
    process.kill(pid, signal);
  } catch (error) {
    if (!(error instanceof Error && "code" in error && error.code === "ESRCH")) throw error;
  }
}
