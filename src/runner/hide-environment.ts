import { closeSync, openSync, readFileSync, readSync, writeSync } from "node:fs";
import { isForSessions } from "./briefing/session-environment.ts";

/** An environment larger than any kernel hands over is a sign that we misread where it is. */
const MAX_ENVIRONMENT_BYTES = 8 * 1024 * 1024;

/** By this the runner finds what a job has left running: it reads the environments of all processes for it. */
const TRACKING = "RUNNER_TRACKING_ID";

/**
 * Takes the job's own variables out of what the kernel shows of this process as `/proc/<pid>/environ`, which every
 * process of the same user can read, the agent's too. They stay in `process.env`, that is, in this process's memory,
 * which another process may read only where the kernel lets it trace this one (`kernel.yama.ptrace_scope` 0, or as
 * root). False where that cannot be done: elsewhere than on Linux.
 */
export function hideEnvironment(env: NodeJS.ProcessEnv = process.env): boolean {
  const hidden = Object.entries(env).filter(([name]) => isHidden(name));
  try {
    eraseValues();
  } catch {
    return false;
  } finally {
    // What was erased is what the names stood for: set anew, each has a place of its own.
    for (const [name, value] of hidden) env[name] = value;
  }
  return true;
}

function eraseValues(): void {
  const { start, length } = environmentPlace();
  const memory = openSync("/proc/self/mem", "r+");
  try {
    const block = Buffer.alloc(length);
    if (readSync(memory, block, 0, length, start) !== length)
      throw new Error("The environment was cut short.");
    writeSync(memory, withoutValues(block), 0, length, start);
  } finally {
    closeSync(memory);
  }
}

/** Where the kernel put the environment at this process's start: fields 50 and 51 of proc_pid_stat(5). */
function environmentPlace(): { readonly start: number; readonly length: number } {
  const stat = readFileSync("/proc/self/stat", "utf8");
  // The third field follows the command's name, which may itself hold spaces and parentheses.
  const fields = stat.slice(stat.lastIndexOf(")") + 2).split(" ");
  const [start, end] = [Number(fields[47]), Number(fields[48])];
  const length = end - start;
  if (!(start > 0 && length > 0 && length <= MAX_ENVIRONMENT_BYTES))
    throw new Error("There is no environment.");
  return { start, length };
}

function withoutValues(block: Buffer): Buffer {
  const erased = Buffer.from(block);
  for (let at = 0; at < block.length;) {
    const next = block.indexOf(0, at);
    const end = next === -1 ? block.length : next;
    const equals = block.indexOf("=", at);
    if (equals !== -1 && equals < end && isHidden(block.toString("utf8", at, equals))) {
      erased.fill(0, equals + 1, end);
    }
    at = end + 1;
  }
  return erased;
}

function isHidden(name: string): boolean {
  return name !== TRACKING && !isForSessions(name);
}
