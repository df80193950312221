import { readdirSync, readFileSync, readlinkSync } from "node:fs";

/**
 * The process of the action in a job of this repository, as the forge in `dir` runs it; null while there is none. Forges
 * of other tests have repositories of the same names.
 */
export function findRunner(dir: string, repository: string): number | null {
  const pids = readdirSync("/proc").filter((name) => /^\d+$/.test(name));
  return pids.map(Number).find((pid) => isRunner(pid, dir, repository)) ?? null;
}

function isRunner(pid: number, dir: string, repository: string): boolean {
  try {
    const [, script = ""] = readFileSync(`/proc/${pid}/cmdline`, "utf8").split("\0");
    const workspace = readlinkSync(`/proc/${pid}/cwd`);
    return (
      script.endsWith("/dist/action.js") &&
      workspace.startsWith(`${dir}/`) &&
      workspace.endsWith(`/${repository}/${repository}`)
    );
  } catch {
    // It is gone by now, or somebody else's.
    return false;
  }
}
