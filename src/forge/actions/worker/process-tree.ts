import { execFileSync } from "node:child_process";
import { readdirSync, readFileSync } from "node:fs";

/**
 * Kills every process that carries a tracking id in its environment, and all of its descendants.
 *
 * Children that made their own session, or whose parents have ended, cannot be found from their ancestors, so
 * GitHub's runner marks its processes by an environment variable and so does this. What wipes its environment
 * and detaches itself too is out of reach.
 * @returns the ids of the killed processes
 */
export function killTracked(trackingId: string): number[] {
  const killed: number[] = [];
  // What forks while it is being killed shows up in the next round.
  for (let round = 0; round < 5; round += 1) {
    const found = trackedProcesses(trackingId);
    if (found.length === 0) break;
    for (const pid of found) if (sendSignal(pid, "SIGKILL")) killed.push(pid);
  }
  return [...new Set(killed)];
}

/** Sends a signal; a process that has ended meanwhile is no error. */
export function sendSignal(pid: number, signal: NodeJS.Signals): boolean {
  try {
    return process.kill(pid, signal);
  } catch {
    return false;
  }
}

function trackedProcesses(trackingId: string): number[] {
  const parents = processParents();
  const tracked = new Set([...parents.keys()].filter((pid) => isTracked(pid, trackingId)));
  for (const pid of parents.keys()) {
    if (ancestors(pid, parents).some((ancestor) => tracked.has(ancestor))) tracked.add(pid);
  }
  tracked.delete(process.pid);
  return [...tracked];
}

function ancestors(pid: number, parents: ReadonlyMap<number, number>): number[] {
  const found: number[] = [];
  for (let parent = parents.get(pid); parent !== undefined && parent > 1; parent = parents.get(parent)) {
    found.push(parent);
  }
  return found;
}

/** Parent by process id, zombies left out: they are dead already. */
function processParents(): Map<number, number> {
  return process.platform === "linux" ? parentsFromProc() : parentsFromPs();
}

function parentsFromProc(): Map<number, number> {
  const parents = new Map<number, number>();
  for (const name of readdirSync("/proc")) {
    if (!/^\d+$/.test(name)) continue;
    const stat = readOrEmpty(`/proc/${name}/stat`);
    // The command, in parentheses, may hold anything; the fields after it are state and parent.
    const [state, parent] = stat.slice(stat.lastIndexOf(")") + 2).split(" ");
    if (state !== undefined && state !== "Z" && parent !== undefined)
      parents.set(Number(name), Number(parent));
  }
  return parents;
}

function parentsFromPs(): Map<number, number> {
  const lines = execFileSync("ps", ["-A", "-o", "pid=,ppid=,stat="], { encoding: "utf8" }).split("\n");
  const fields = lines
    .map((line) => line.trim().split(/\s+/))
    .filter(([, , state]) => !state?.startsWith("Z"));
  return new Map(fields.map(([pid, parent]) => [Number(pid), Number(parent)]));
}

function isTracked(pid: number, trackingId: string): boolean {
  if (pid === process.pid) return false;
  const environment =
    process.platform === "linux" ? readOrEmpty(`/proc/${pid}/environ`) : environmentFromPs(pid);
  return environment.includes(`RUNNER_TRACKING_ID=${trackingId}`);
}

function environmentFromPs(pid: number): string {
  try {
    return execFileSync("ps", ["-E", "-p", String(pid), "-o", "command="], { encoding: "utf8" });
  } catch {
    return "";
  }
}

/** Processes come and go while they are looked at, and those of other users cannot be read. */
function readOrEmpty(file: string): string {
  try {
    return readFileSync(file, "latin1");
  } catch {
    return "";
  }
}
