import { existsSync } from "node:fs";
import { chmod, mkdir, mkdtemp, rm, writeFile } from "node:fs/promises";
import { createServer, type Server } from "node:net";
import { join } from "node:path";
import { err, ok, type Result } from "../../base/result.ts";
import { makeShortFolder } from "../make-short-folder.ts";
import type { Program } from "../process/run-program.ts";
import type { Timers } from "../timers.ts";
import { drawIdentity, PROCESSES_ABOVE_LIMIT, ROUTES, type Route } from "./enter-namespaces.ts";
import { findTools, type Tools } from "./find-tools.ts";
import { runProbe, type ProbeResult, type ProbeTask } from "./probe.ts";
import { runConfined } from "./run-confined.ts";
import { runReaped } from "./run-reaped.ts";
import { resolveLimits } from "./session-limits.ts";
import { wishView } from "./wish-view.ts";

/** What this machine can enforce on a session, each part of it tried. */
export type Examination = {
  readonly tools: Tools;
  /** One line for a person. */
  readonly summary: string;
} & (
  | { readonly level: "full"; readonly route: Route }
  | { readonly level: "process"; readonly perl: string }
  | { readonly level: "none" }
);

type Machine = {
  readonly env: Readonly<Record<string, string | undefined>>;
  /** Where folders may be made. */
  readonly tempDir: string;
  readonly timers: Timers;
  /** Those to try, in this order; by default all that this user could have. */
  readonly routes?: readonly Route[];
};

/** For agents that need what a sandbox keeps from them, such as a database that runs beside the job. */
const SWITCH = "BATON_SANDBOX";
const SWITCHED_OFF = `There is no sandbox: ${SWITCH}=off in the job's environment turned it off, and only limits are counted.`;

/** A machine on which this takes longer has no use of it. */
const PROBE_MS = 60_000;
const NO_GRACE = { interruptMs: 0, terminateMs: 0 };

/** Finds the most that this machine can enforce, by trying it: it takes well below a second. */
export async function examineSandbox(machine: Machine): Promise<Examination> {
  const tools = findTools(machine.env["PATH"] ?? "");
  if (machine.env[SWITCH] === "off") return { level: "none", tools, summary: SWITCHED_OFF };
  const reasons: string[] = [];
  for (const route of machine.routes ?? routesOf(process.getuid?.() ?? 0)) {
    const tried = await tryRoute(route, tools, machine);
    if (tried.ok) return { level: "full", route, tools, summary: describeFull(route) };
    reasons.push(`${route}: ${tried.error}`);
  }
  const why = reasons.length === 0 ? "this is no Linux" : reasons.join("; ");
  const { perl } = tools;
  if (perl !== null && (await endsHidden(perl, machine))) {
    const summary = `The sandbox holds processes only: nothing that a session starts outlives it, and its limits are counted. Network and files are the job's own (${why}).`;
    return { level: "process", perl, tools, summary };
  }
  const summary = `There is no sandbox: only limits are counted. Network, files and processes are the job's own (${why}).`;
  return { level: "none", tools, summary };
}

function routesOf(uid: number): readonly Route[] {
  if (process.platform !== "linux") return [];
  return ROUTES.filter((route) => (route === "root") === (uid === 0));
}

const BY: { readonly [Name in Route]: string } = {
  root: "the job's rights of root",
  "user namespace": "a user namespace",
  sudo: "sudo",
};

function describeFull(route: Route): string {
  return `The sandbox is full, by ${BY[route]}: a session has processes, files and a network of its own, no rights, and limits on memory, processes, processor time, disk, files and output.`;
}

async function tryRoute(route: Route, tools: Tools, machine: Machine): Promise<Result<null, string>> {
  const root = await makeShortFolder("baton-examine-", [machine.tempDir]);
  const listeners: Server[] = [];
  try {
    return judge(await probe(route, tools, { ...machine, root, listeners }));
  } catch (cause) {
    return err(cause instanceof Error ? cause.message : String(cause));
  } finally {
    for (const listener of listeners) listener.close();
    await rm(root, { recursive: true, force: true });
  }
}

async function probe(
  route: Route,
  tools: Tools,
  machine: Machine & { readonly root: string; readonly listeners: Server[] },
): Promise<ProbeResult> {
  const { root, listeners, timers } = machine;
  const folder = async (name: string): Promise<string> => {
    await mkdir(join(root, name));
    return join(root, name);
  };
  const folders = {
    workTree: await folder("work"),
    homeDir: await folder("home"),
    tempDir: await folder("tmp"),
    exchangeDir: await folder("exchange"),
  };
  const shown = await folder("shown");
  await chmod(shown, 0o777);
  const secretFile = join(root, "secret");
  await writeFile(secretFile, "secret", { mode: 0o644 });
  const socket = join(root, "probe.sock");
  const answering = await Promise.all([
    listen("pong", { port: 0, host: "127.0.0.1" }),
    listen("pong", { path: socket }),
  ]);
  listeners.push(...answering);
  const address = answering[0].address();
  const machinePort = typeof address === "object" && address !== null ? address.port : 0;
  // Any other port will do: the session's loopback interface is its own.
  const forwardedPort = machinePort === 40_000 ? 40_001 : 40_000;
  const limits = { ...resolveLimits({}), maxProcesses: 1, maxFileBytes: 1024 };
  const task: ProbeTask = {
    machinePort,
    forwardedPort,
    secretFile,
    systemFolder: shown,
    processes: limits.maxProcesses + PROCESSES_ABOVE_LIMIT,
    fileBytes: limits.maxFileBytes,
  };
  const source = `(${runProbe.toString()})(process.argv[1])`;
  const program = { argv: [process.execPath, "-e", source, JSON.stringify(task)], env: {} } as const;
  let said = "";
  const end = await runConfined(
    {
      argv: [...program.argv],
      env: program.env,
      cwd: folders.workTree,
      stdin: "",
      onLine: (_stream, line) => {
        said += `${line}\n`;
      },
    },
    {
      route,
      tools,
      identity: drawIdentity(route),
      view: wishView(program, { folders, job: machine.env, readable: [shown] }),
      limits,
      forwards: [{ port: forwardedPort, socket }],
      scratchDir: await folder("scratch"),
      temp: await folder("shown-as-tmp"),
      homeDir: folders.homeDir,
    },
    { stop: AbortSignal.timeout(PROBE_MS), grace: () => NO_GRACE, timers },
  );
  try {
    return JSON.parse(said) as ProbeResult;
  } catch {
    const lastLine = said.trim().split("\n").at(-1) ?? "";
    const silent = `the probe said nothing, and ended with ${end.exitCode ?? end.signal ?? "a signal"}`;
    throw new Error(lastLine === "" ? silent : lastLine);
  }
}

async function listen(
  text: string,
  at: { readonly path: string } | { readonly port: number; readonly host: string },
): Promise<Server> {
  const server = createServer((socket) => {
    socket.on("error", () => undefined);
    socket.end(text);
  });
  await new Promise<void>((resolve, reject) => {
    server.once("error", reject);
    server.listen(at, resolve);
  });
  return server;
}

const BREACHES: { readonly [Name in keyof ProbeResult]: string } = {
  reachesMachine: "a session reaches the machine's network",
  reachesForwarded: "a session does not reach what is forwarded to it",
  readsSecret: "a session sees the machine's files",
  writesSystem: "a session can write outside of its folders",
  writesWorkTree: "a session cannot write to its work tree",
  hasRights: "a session keeps rights",
  seesOthers: "a session sees processes of others",
  passesProcesses: "the limit on processes does not hold",
  passesFileSize: "the limit on the size of files does not hold",
};

/** What a session must be able to; all else it must not. */
const NEEDED: ReadonlySet<string> = new Set(["reachesForwarded", "writesWorkTree"]);

function judge(result: ProbeResult): Result<null, string> {
  const breached = (Object.keys(BREACHES) as (keyof ProbeResult)[]).filter(
    (name) => result[name] !== NEEDED.has(name),
  );
  return breached.length === 0 ? ok(null) : err(breached.map((name) => BREACHES[name]).join(", "));
}

/** Starts a process that is nobody's child, in a session of its own and without a mark, and prints its number. */
const HIDE = `
  (env -i setsid sh -c 'echo $$ > "$0"; exec sleep 600' "$1" &)
  while [ ! -s "$1" ]; do sleep 0.01; done
  cat "$1"
`;

/** Whether a process that hides from everything but a reaper is gone with the program that started it. */
async function endsHidden(perl: string, { tempDir, timers }: Machine): Promise<boolean> {
  const root = await mkdtemp(join(tempDir, "baton-examine-"));
  let pid = "";
  const program: Program = {
    argv: ["/bin/sh", "-c", HIDE, "sh", join(root, "pid")],
    cwd: root,
    env: { PATH: process.env["PATH"] ?? "" },
    stdin: "",
    onLine: (stream, line) => {
      if (stream === "stdout") pid = line;
    },
  };
  try {
    const stop = AbortSignal.timeout(PROBE_MS);
    const end = await runReaped(program, perl, { stop, grace: () => NO_GRACE, timers });
    return end.exitCode === 0 && /^\d+$/.test(pid) && !existsSync(`/proc/${pid}`);
  } catch {
    return false;
  } finally {
    await rm(root, { recursive: true, force: true });
  }
}
