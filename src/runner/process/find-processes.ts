import { readdir, readFile } from "node:fs/promises";

/** The environment variable by which a session's processes are known, whoever their parent is by now. */
export const SESSION_MARK = "BATON_SESSION_MARK";

type ProcessRow = {
  readonly pid: number;
  readonly parent: number;
  readonly group: number;
  readonly session: number;
};

/**
 * The live processes of a session: the descendants of `leader`, everything in its process group or session, and
 * everything that still carries the session's mark. Agents start their tools in sessions of their own, and a tool
 * whose parent died belongs to init, so no single one of these finds them all. What clears its environment and
 * daemonises is not found. Empty where there is no /proc.
 */
export async function findSessionProcesses(leader: number, mark: string): Promise<readonly number[]> {
  const rows = await listProcesses();
  const found = new Set<number>([leader]);
  for (const row of rows) {
    if (row.group === leader || row.session === leader || (await carriesMark(row.pid, mark)))
      found.add(row.pid);
  }
  for (let before = -1; before !== found.size;) {
    before = found.size;
    for (const row of rows) if (found.has(row.parent)) found.add(row.pid);
  }
  found.delete(process.pid);
  return rows.filter((row) => found.has(row.pid)).map((row) => row.pid);
}

async function listProcesses(): Promise<readonly ProcessRow[]> {
  const names = await readdir("/proc").catch(() => []);
  const rows = await Promise.all(names.filter((name) => /^\d+$/.test(name)).map(readProcess));
  return rows.filter((row) => row !== null);
}

/** Null for a process that is gone or a zombie: nothing can be done to either. */
async function readProcess(pid: string): Promise<ProcessRow | null> {
  const stat = await readFile(`/proc/${pid}/stat`, "utf8").catch(() => null);
  if (stat === null) return null;
  // The command's name stands in parentheses and may itself hold spaces and parentheses (proc(5)).
  const [state, parent, group, session] = stat.slice(stat.lastIndexOf(")") + 2).split(" ");
  if (state === "Z" || state === "X") return null;
  return { pid: Number(pid), parent: Number(parent), group: Number(group), session: Number(session) };
}

async function carriesMark(pid: number, mark: string): Promise<boolean> {
  const environment = await readFile(`/proc/${pid}/environ`, "utf8").catch(() => "");
  return environment.includes(`${SESSION_MARK}=${mark}\0`);
}
