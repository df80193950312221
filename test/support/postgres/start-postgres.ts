import type { ChildProcess } from "node:child_process";
import { execFile, spawn } from "node:child_process";
import { once } from "node:events";
import { existsSync } from "node:fs";
import { chown, mkdir, mkdtemp, readdir, readFile, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { promisify } from "node:util";
import { Client } from "pg";

export type TestPostgres = {
  /** A new, empty database of this server. */
  createDatabase(): Promise<string>;
  dropDatabase(url: string): Promise<void>;
  /** SIGKILL to every process of the server, then, after `meanwhile`, a start that recovers from its log. */
  crashAndRestart(meanwhile?: () => Promise<void>): Promise<void>;
  /** Has every process of the server stand still, connections and all, until the answer is called. */
  stall(): Promise<() => void>;
  stop(): Promise<void>;
};

const run = promisify(execFile);

/** Debian keeps each major version's programs here, the newest wins; other systems have them on the path. */
const DEBIAN_FOLDER = "/usr/lib/postgresql";

/** Where the server's programs are; null when PostgreSQL is not installed on this machine. */
export async function findPostgresPrograms(): Promise<string | null> {
  const versions = existsSync(DEBIAN_FOLDER) ? await readdir(DEBIAN_FOLDER) : [];
  const debian = versions
    .map(Number)
    .sort((a, b) => b - a)
    .map((version) => join(DEBIAN_FOLDER, String(version), "bin"));
  const path = (process.env["PATH"] ?? "").split(":");
  return [...debian, ...path].find((folder) => existsSync(join(folder, "initdb"))) ?? null;
}

/**
 * A PostgreSQL server of its own in a temporary folder, reached over a Unix socket there; `environment` is added to this
 * process's.
 */
export async function startPostgres(environment: NodeJS.ProcessEnv = {}): Promise<TestPostgres> {
  const programs = await findPostgresPrograms();
  if (programs === null) throw new Error("PostgreSQL is not installed on this machine.");
  const account = await unprivilegedAccount();
  // A socket's path has at most 107 characters, so that the folder stands right below the temporary one.
  const folder = await mkdtemp(join(tmpdir(), "baton-pg-"));
  const data = join(folder, "data");
  await mkdir(data, { mode: 0o700 });
  if (account) await Promise.all([folder, data].map((path) => chown(path, account.uid, account.gid)));
  await run(join(programs, "initdb"), ["-D", data, "-U", "baton", "-A", "trust", "-E", "UTF8", "--no-sync"], {
    ...account,
    cwd: folder,
  });
  const start = () => startServer(join(programs, "postgres"), { folder, data, account, environment });
  let server = await start();
  return {
    createDatabase: () => createDatabase(folder),
    dropDatabase: (url) =>
      administer(folder, `DROP DATABASE ${url.slice(url.lastIndexOf("/") + 1, url.indexOf("?"))}`),
    async crashAndRestart(meanwhile) {
      await endServer(server, "SIGKILL");
      await meanwhile?.();
      server = await start();
    },
    stall: () => stallServer(server),
    async stop() {
      // "Fast shutdown": clients that are still connected are sent away.
      await endServer(server, "SIGINT");
      await rm(folder, { recursive: true, force: true });
    },
  };
}

type Account = { readonly uid: number; readonly gid: number };

/** The server refuses to run as root, as a container's tests do: then it runs as `postgres` or `nobody`. */
async function unprivilegedAccount(): Promise<Account | null> {
  if (process.getuid?.() !== 0) return null;
  for (const name of ["postgres", "nobody"]) {
    try {
      const [uid, gid] = await Promise.all([run("id", ["-u", name]), run("id", ["-g", name])]);
      return { uid: Number(uid.stdout), gid: Number(gid.stdout) };
    } catch {
      continue;
    }
  }
  throw new Error("PostgreSQL refuses to run as root, and there is neither an account postgres nor nobody.");
}

async function startServer(
  program: string,
  place: {
    readonly folder: string;
    readonly data: string;
    readonly account: Account | null;
    readonly environment: NodeJS.ProcessEnv;
  },
): Promise<ChildProcess> {
  const settings = {
    listen_addresses: "",
    unix_socket_directories: place.folder,
    recovery_init_sync_method: "syncfs",
  };
  const options = Object.entries(settings).flatMap(([name, value]) => ["-c", `${name}=${value}`]);
  const server = spawn(program, ["-D", place.data, ...options], {
    ...place.account,
    env: { ...process.env, ...place.environment },
    cwd: place.folder,
    stdio: ["ignore", "ignore", "pipe"],
  });
  let log = "";
  await new Promise<void>((ready, fail) => {
    server.stderr.setEncoding("utf8").on("data", (text: string) => {
      log += text;
      if (log.includes("database system is ready to accept connections")) ready();
    });
    server.once("error", fail);
    server.once("exit", () => {
      fail(new Error(`PostgreSQL did not start:\n${log}`));
    });
  });
  return server;
}

async function endServer(server: ChildProcess, signal: "SIGINT" | "SIGKILL"): Promise<void> {
  if (server.pid === undefined || server.exitCode !== null || server.signalCode !== null) return;
  // `close` comes when the last of its processes has let go of the log.
  const closed = once(server, "close");
  // Left alone, the other processes would notice only after seconds that the first is gone.
  const others = signal === "SIGKILL" ? await childrenOf(server.pid) : [];
  for (const pid of [server.pid, ...others]) signalIfThere(pid, signal);
  await closed;
}

function signalIfThere(pid: number, signal: "SIGINT" | "SIGKILL"): void {
  try {
    process.kill(pid, signal);
  } catch (cause) {
    // A process that works for the server may have ended since it was listed.
    if (!(cause instanceof Error && "code" in cause && cause.code === "ESRCH")) throw cause;
  }
}

async function stallServer({ pid }: ChildProcess): Promise<() => void> {
  if (pid === undefined) throw new Error("PostgreSQL does not run.");
  // The first, which starts all others, stands still before they are counted.
  process.kill(pid, "SIGSTOP");
  const all = [pid, ...(await childrenOf(pid))];
  for (const each of all) process.kill(each, "SIGSTOP");
  return () => {
    for (const each of all) process.kill(each, "SIGCONT");
  };
}

async function childrenOf(pid: number): Promise<readonly number[]> {
  const children = await readFile(`/proc/${pid}/task/${pid}/children`, "utf8");
  return children.trim().split(" ").filter(Boolean).map(Number);
}

let databases = 0;

async function createDatabase(folder: string): Promise<string> {
  databases += 1;
  const name = `baton_${databases}`;
  await administer(folder, `CREATE DATABASE ${name}`);
  return `postgres://baton@/${name}?host=${encodeURIComponent(folder)}`;
}

async function administer(folder: string, statement: string): Promise<void> {
  const client = new Client({ host: folder, user: "baton", database: "postgres" });
  await client.connect();
  await client.query(statement);
  await client.end();
}
