import { readdir, readFile } from "node:fs/promises";

/** The environment variable by which a session's processes are known, whoever their parent is by now. */
export const SESSION_MARK = "BATON_SESSION_MARK";

export type ProcessRow = {
  readonly pid: number;
  readonly parent: number;
  readonly group: number;
  readonly session: number;
  readonly threads: number;
  /** In clock ticks: its own time, and that of the children that it has waited for. */
  readonly cpuTicks: number;
};

/**
 * The live processes of a session: the descendants of `leader`, everything in its process group or session, and
 * everything that still carries the session's mark. Agents start their tools in sessions of their own, and a tool
 * whose parent died belongs to init, so no single one of these finds them all. What clears its environment and
 * daemonises is found only where a parent above it takes it in. Empty where there is no /proc.
 */
export async function findSessionProcesses(leader: number, mark: string): Promise<readonly number[]> {
  const rows = await listProcesses();
  const marked = await Promise.all(
    rows.map(async ({ pid }) => ((await carriesMark(pid, mark)) ? [pid] : [])),
  );
  return selectFamily(rows, leader, marked.flat()).map(({ pid }) => pid);
}

/** Of all processes the group, the session and the descendants of `leader`, and those of `others`, without this one. */
export function selectFamily(
  rows: readonly ProcessRow[],
  leader: number,
  others: readonly number[] = [],
): readonly ProcessRow[] {
  const found = new Set<number>([leader, ...others]);
  for (const row of rows) if (row.group === leader || row.session === leader) found.add(row.pid);
  for (let before = -1; before !== found.size;) {
    before = found.size;
    for (const row of rows) if (found.has(row.parent)) found.add(row.pid);
  }
  found.delete(process.pid);
  return rows.filter((row) => found.has(row.pid));
}

/** All live processes of the machine. */
export async function listProcesses(): Promise<readonly ProcessRow[]> {
  const names = await readdir("/proc").catch(() => []);
  const rows = await Promise.all(names.filter((name) => /^\d+$/.test(name)).map(readProcess));
  return rows.filter((row) => row !== null);
}

/** Null for a process that is gone or a zombie: nothing can be done to either. */
async function readProcess(pid: string): Promise<ProcessRow | null> {
  const stat = await readFile(`/proc/${pid}/stat`, "utf8").catch(() => null);
  if (stat === null) return null;
  // The command's name stands in parentheses and may itself hold spaces and parentheses (proc(5)).
  const [state, ...fields] = stat.slice(stat.lastIndexOf(")") + 2).split(" ");
  if (state === "Z" || state === "X") return null;
  const numbers = fields.map(Number);
  const [parent = 0, group = 0, session = 0] = numbers;
  // Fields 14 to 17 and 20 of proc(5), counted from 1 with the pid; the fourth is the first here.
  const [user = 0, system = 0, childrenUser = 0, childrenSystem = 0] = numbers.slice(10, 14);
  const cpuTicks = user + system + childrenUser + childrenSystem;
  return { pid: Number(pid), parent, group, session, threads: numbers[16] ?? 1, cpuTicks };
}

async function carriesMark(pid: number, mark: string): Promise<boolean> {
  const environment = await readFile(`/proc/${pid}/environ`, "utf8").catch(() => "");
  return environment.includes(`${SESSION_MARK}=${mark}\0`);
}
