import { readdirSync, readFileSync, readlinkSync } from "node:fs";

/** The process of the action in a job of this repository, as the forge runs it; null while there is none. */
export function findRunner(repository: string): number | null {
  const pids = readdirSync("/proc").filter((name) => /^\d+$/.test(name));
  return pids.map(Number).find((pid) => isRunner(pid, repository)) ?? null;
}

function isRunner(pid: number, repository: string): boolean {
  try {
    const [, script = ""] = readFileSync(`/proc/${pid}/cmdline`, "utf8").split("\0");
    return (
      script.endsWith("/dist/action.js") &&
      readlinkSync(`/proc/${pid}/cwd`).endsWith(`/${repository}/${repository}`)
    );
  } catch {
    // It is gone by now, or somebody else's.
    return false;
  }
}
