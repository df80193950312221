import { randomInt } from "node:crypto";
import { readdir, readFile } from "node:fs/promises";
import type { Tools } from "./find-tools.ts";
import type { SessionLimits } from "./session-limits.ts";

/**
 * How a session comes by namespaces of its own: by the rights of root that the job has; by a user namespace, where an
 * ordinary user may have one; or through a sudo that asks for no password, as on GitHub's hosted runners.
 */
export const ROUTES = ["root", "user namespace", "sudo"] as const;
export type Route = (typeof ROUTES)[number];

/** Users that sessions run as where the job is root. No distribution gives these numbers to anybody. */
const SESSION_USERS = { first: 60_600, end: 61_100 };

const NAMESPACES = ["--mount", "--pid", "--net", "--ipc", "--uts", "--fork", "--kill-child"];

/** Null where the machine lacks a program that this needs. */
export function enterNamespaces(route: Route, tools: Tools): readonly [string, ...string[]] | null {
  const { unshare, setpriv, sudo } = tools;
  if (unshare === null || setpriv === null) return null;
  // The session ends with the runner, even one that is killed.
  const bound = [setpriv, "--pdeathsig", "KILL", "--", unshare] as const;
  switch (route) {
    case "root":
      return [...bound, ...NAMESPACES, "--"];
    case "user namespace":
      return [...bound, "--user", "--map-root-user", ...NAMESPACES, "--"];
    case "sudo":
      return sudo === null ? null : [sudo, "-n", "--", unshare, ...NAMESPACES, "--"];
  }
}

/** Who a session's programs are. */
export type Identity = { readonly uid: number; readonly gid: number };

/** Each session of root is another user's, so that what the system counts by user is its own. */
export function drawIdentity(route: Route): Identity {
  const uid = randomInt(SESSION_USERS.first, SESSION_USERS.end);
  return route === "root"
    ? { uid, gid: uid }
    : { uid: process.getuid?.() ?? 0, gid: process.getgid?.() ?? 0 };
}

/** A session may have a few more, so that whoever counts sees it pass its limit. */
export const PROCESSES_ABOVE_LIMIT = 64;

export type Bounds = {
  readonly limits: SessionLimits;
  readonly hard: HardLimits;
  /** Of the same user outside of the session, where the system counts these too. */
  readonly threadsOutside: number;
};

/** Starts a program within the limits that the system itself enforces. It does not count the processes of root. */
export function limitArgv(
  prlimit: string,
  { limits, hard, threadsOutside }: Bounds,
): readonly [string, ...string[]] {
  const allowed = limits.maxProcesses + PROCESSES_ABOVE_LIMIT + threadsOutside;
  const processes = Math.min(allowed, hard.processes);
  const fileBytes = Math.min(limits.maxFileBytes, hard.fileBytes);
  return [prlimit, `--nproc=${processes}`, `--fsize=${fileBytes}`, "--core=0", "--"];
}

/**
 * What starts a session's program with no rights of its own and none that it could get, neither by a program that
 * belongs to root nor by undoing what holds it: for that it would need the rights of the namespaces' owner.
 */
export function dropRights(route: Route, tools: Tools, as: Identity & Bounds): readonly string[] | null {
  const { unshare, setpriv, prlimit } = tools;
  if (unshare === null || setpriv === null || prlimit === null) return null;
  const limited = limitArgv(prlimit, as);
  const without = ["--inh-caps=-all", "--no-new-privs", "--"];
  const { uid, gid } = as;
  if (route === "user namespace") {
    const nested = [unshare, "--user", `--map-user=${uid}`, `--map-group=${gid}`, "--"];
    return [...limited, ...nested, setpriv, ...without];
  }
  return [
    ...limited,
    setpriv,
    `--reuid=${uid}`,
    `--regid=${gid}`,
    "--clear-groups",
    "--bounding-set=-all",
    ...without,
  ];
}

/** What the job itself is held to; infinity where it is not. */
export type HardLimits = { readonly processes: number; readonly fileBytes: number };

/** The processes and threads that a user has on this machine, which count where its session is the same user. */
export async function countThreads(uid: number): Promise<number> {
  const pids = (await readdir("/proc").catch(() => [])).filter((name) => /^\d+$/.test(name));
  const counts = pids.map(async (pid) => {
    const status = await readFile(`/proc/${pid}/status`, "utf8").catch(() => "");
    const isTheirs = Number(/^Uid:\t(\d+)/m.exec(status)?.[1] ?? -1) === uid;
    return isTheirs ? Number(/^Threads:\t(\d+)/m.exec(status)?.[1] ?? 0) : 0;
  });
  return (await Promise.all(counts)).reduce((total, count) => total + count, 0);
}

/** From the text of /proc/self/limits: nobody but root may have more than that. */
export function parseHardLimits(text: string): HardLimits {
  function hard(name: string): number {
    const value = new RegExp(`^${name} +\\S+ +(\\d+)`, "m").exec(text)?.[1];
    return value === undefined ? Infinity : Number(value);
  }
  return { processes: hard("Max processes"), fileBytes: hard("Max file size") };
}
