import { readdirSync, readFileSync, readlinkSync } from "node:fs";

/** The processes of a session's home that run a program of this directory itself, and not what it started. */
export function programProcesses(homeDir: string, toolsDir: string): readonly number[] {
  return sessionProcesses(homeDir).filter((pid) => {
    const [, script = ""] = readOr(`/proc/${pid}/cmdline`).split("\0");
    return script.startsWith(toolsDir) || executableOf(pid).startsWith(toolsDir);
  });
}

/** Whoever's environment has this home. */
export function sessionProcesses(homeDir: string): readonly number[] {
  const pids = readdirSync("/proc").filter((name) => /^\d+$/.test(name));
  return pids.filter((pid) => readOr(`/proc/${pid}/environ`).includes(`HOME=${homeDir}\0`)).map(Number);
}

function executableOf(pid: number): string {
  try {
    return readlinkSync(`/proc/${pid}/exe`);
  } catch {
    return "";
  }
}

/** A process may be gone by now. */
function readOr(file: string): string {
  try {
    return readFileSync(file, "utf8");
  } catch {
    return "";
  }
}
