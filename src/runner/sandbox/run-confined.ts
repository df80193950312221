import { spawn, type ChildProcess } from "node:child_process";
import { chmod, mkdir, mkdtemp, readFile, rm, writeFile } from "node:fs/promises";
import { dirname, join } from "node:path";
import { attendProgram, type RunControl } from "../process/attend-program.ts";
import { signalProcess, type Reach } from "../process/end-session.ts";
import { listProcesses, selectFamily } from "../process/find-processes.ts";
import { ProgramNotStarted, type Program, type ProgramEnd } from "../process/run-program.ts";
import { runCompanion, type CompanionStart } from "./companion.ts";
import { openCompanionLink, type CompanionLink } from "./companion-link.ts";
import {
  countThreads,
  dropRights,
  enterNamespaces,
  parseHardLimits,
  type Identity,
  type Route,
} from "./enter-namespaces.ts";
import type { Tools } from "./find-tools.ts";
import { planView, type ViewWish } from "./plan-view.ts";
import { readMounts } from "./read-mounts.ts";
import { BRIDGE_PATH, placesInTemp, quote, renderView, type Stage } from "./render-view.ts";
import type { SessionLimits } from "./session-limits.ts";

/** Namespaces that a program is run in. */
export type Cell = {
  readonly route: Route;
  readonly tools: Tools;
  readonly view: ViewWish;
  /** Whom its programs run as. */
  readonly identity: Identity;
  readonly limits: SessionLimits;
  readonly forwards: CompanionStart["forwards"];
  /** Where folders may be made for as long as the program runs: what is below it the session does not see. */
  readonly scratchDir: string;
  /** Shown as /tmp. */
  readonly temp: string;
  /** The session's home, for programs that ask the system for it. */
  readonly homeDir: string;
};

/** The machine did not let the session have what it was to have. */
export class SandboxFailed extends Error {
  constructor(reason: string) {
    super(`The sandbox could not be set up: ${reason}`);
    this.name = "SandboxFailed";
  }
}

/**
 * Runs a program in namespaces of its own until it ends or `stop` is aborted, as `runProgram` does. With the first
 * process of its namespace everything in it ends, whatever that did to hide. Throws ProgramNotStarted and
 * SandboxFailed.
 */
export async function runConfined(
  program: Program,
  cell: Cell,
  control: RunControl & { readonly onStarted?: (leader: number) => void },
): Promise<ProgramEnd> {
  const scratch = await mkdtemp(join(cell.scratchDir, "run-"));
  try {
    return await runIn(scratch, program, cell, control);
  } finally {
    await rm(scratch, { recursive: true, force: true });
  }
}

async function runIn(
  scratch: string,
  program: Program,
  cell: Cell,
  control: RunControl & { readonly onStarted?: (leader: number) => void },
): Promise<ProgramEnd> {
  const launch = await prepare(scratch, program, cell);
  const held = holdLines(program.onLine);
  const link = await openCompanionLink(join(launch.bridge, CONTROL), (word) => {
    if (word.say === "started") held.release();
  });
  const [command, ...args] = launch.argv;
  const child = spawn(command, args, {
    cwd: "/",
    env: { PATH: `/usr/sbin:/usr/bin:/sbin:/bin:${process.env["PATH"] ?? ""}`, LC_ALL: "C" },
    detached: true,
    stdio: ["pipe", "pipe", "pipe"],
  });
  try {
    if (child.pid !== undefined) control.onStarted?.(child.pid);
    const reach = reachThrough(link, child);
    const exit = await attendProgram(child, { ...program, onLine: held.onLine }, { ...control, reach });
    await link.heard();
    return readEnd(link, {
      exit,
      command: program.argv[0],
      said: held.lines(),
      isStopped: control.stop.aborted,
    });
  } catch (cause) {
    if (cause instanceof ProgramNotStarted || cause instanceof SandboxFailed) throw cause;
    throw new SandboxFailed(`${command} could not be started (${String(cause)}).`);
  } finally {
    link.close();
  }
}

const CONTROL = "control.sock";

async function prepare(
  scratch: string,
  program: Program,
  cell: Cell,
): Promise<{ readonly argv: readonly [string, ...string[]]; readonly bridge: string }> {
  const { route, tools, limits, identity } = cell;
  const hard = parseHardLimits(await readFile("/proc/self/limits", "utf8"));
  const enter = enterNamespaces(route, tools);
  const threadsOutside = route === "sudo" ? await countThreads(identity.uid) : 0;
  const prefix = dropRights(route, tools, { ...identity, limits, hard, threadsOutside });
  if (enter === null || prefix === null) {
    throw new SandboxFailed("unshare, setpriv or prlimit is missing. They are part of util-linux.");
  }
  const stage = { root: join(scratch, "root"), bridge: join(scratch, "bridge"), temp: cell.temp };
  await mkdir(stage.root);
  await mkdir(stage.bridge);
  const start: CompanionStart = {
    control: `${BRIDGE_PATH}/${CONTROL}`,
    forwards: cell.forwards.map(({ port }, index) => ({ port, socket: `${BRIDGE_PATH}/${index}.sock` })),
    program: { argv: program.argv, cwd: program.cwd, env: program.env },
    prefix,
  };
  await writeFile(join(stage.bridge, "companion.cjs"), `(${runCompanion.toString()})(process.argv[2]);\n`);
  await writeFile(join(stage.bridge, "start.json"), JSON.stringify(start), { mode: 0o600 });
  const sockets = cell.forwards.map(
    ({ socket }, index) => [join(stage.bridge, `${index}.sock`), socket] as const,
  );
  for (const [place] of sockets) await writeFile(place, "");
  const instead = route === "root" ? await writeNames(scratch, cell) : {};
  const script = await renderScript(stage, { ...cell, instead, sockets });
  if (route === "root") await giveTo(identity, cell.view.writable);
  const file = join(scratch, "launch.sh");
  await writeFile(file, script);
  return { argv: [...enter, "/bin/sh", file], bridge: stage.bridge };
}

/** The first process of the namespaces: it makes the view, and takes in whatever loses its parent. */
async function renderScript(
  { root, bridge, temp }: Omit<Stage, "instead">,
  cell: Pick<Cell, "view"> &
    Pick<Stage, "instead"> & { readonly sockets: readonly (readonly [string, string])[] },
): Promise<string> {
  const view = await planView({ ...cell.view, readable: [...cell.view.readable, process.execPath] });
  for (const place of placesInTemp(view)) {
    const path = join(temp, place.path);
    await mkdir(place.isFolder ? path : dirname(path), { recursive: true });
    if (!place.isFolder) await writeFile(path, "", { flag: "a" });
  }
  const companion = [process.execPath, `${BRIDGE_PATH}/companion.cjs`, `${BRIDGE_PATH}/start.json`];
  return [
    "set -eu",
    '[ $$ = 1 ] || { echo "this is no namespace of its own." >&2; exit 1; }',
    // When memory runs out, the session goes before the runner does.
    "echo 500 > /proc/self/oom_score_adj || true",
    ...cell.sockets.map(([place, socket]) => `mount --bind ${quote(socket)} ${quote(place)}`),
    renderView(view, { root, bridge, temp, instead: cell.instead }, await readMounts()),
    LOOPBACK_UP,
    "set +e",
    companion.map(quote).join(" "),
    "exit $?",
  ].join("\n");
}

/** Not every machine has the same program for it. The last one asks the kernel itself: SIOCSIFFLAGS, IFF_UP. */
const LOOPBACK_UP = `{ ip link set lo up || ifconfig lo up || busybox ip link set lo up || perl -e '
  socket(my $s, 2, 2, 0) and ioctl($s, 0x8914, my $r = pack("a16sx22", "lo", 1)) or die $!;
'; } 2>/dev/null || { echo "none of ip, ifconfig, busybox and perl is there to start the loopback interface." >&2; exit 1; }`;

/** The machine's users with the session's own, which programs ask for its name and home. */
async function writeNames(
  scratch: string,
  { identity: { uid, gid }, homeDir }: Cell,
): Promise<Readonly<Record<string, string>>> {
  const lines = {
    "/etc/passwd": `baton:x:${uid}:${gid}:Baton session:${homeDir}:/bin/sh\n`,
    "/etc/group": `baton:x:${gid}:\n`,
  };
  const files: Record<string, string> = {};
  for (const [path, line] of Object.entries(lines)) {
    const text = await readFile(path, "utf8").catch(() => null);
    if (text === null) continue;
    const file = join(scratch, path.slice("/etc/".length));
    await writeFile(file, `${text.replace(/\n*$/, "\n")}${line}`);
    await chmod(file, 0o644);
    files[path] = file;
  }
  return files;
}

/** The job made these folders, the session works in them. Links are given away, not what they lead to. */
async function giveTo({ uid, gid }: Identity, folders: readonly string[]): Promise<void> {
  const child = spawn("chown", ["-hR", `${uid}:${gid}`, "--", ...folders], {
    stdio: ["ignore", "ignore", "pipe"],
  });
  let said = "";
  child.stderr.on("data", (chunk: Buffer) => (said += chunk.toString()));
  const code = await new Promise<number | null>((resolve, reject) => {
    child.once("error", reject);
    child.once("close", resolve);
  });
  if (code !== 0) throw new SandboxFailed(`its folders could not be given to its user: ${said.trim()}`);
}

/** Until the program starts, whatever is printed is the launcher's, and is the reason if it comes to nothing. */
function holdLines(onLine: Program["onLine"]): {
  readonly onLine: Program["onLine"];
  readonly release: () => void;
  readonly lines: () => readonly string[];
} {
  const held: Parameters<Program["onLine"]>[] = [];
  let isReleased = false;
  return {
    onLine: (stream, line) => {
      if (isReleased) onLine(stream, line);
      else held.push([stream, line]);
    },
    release: () => {
      isReleased = true;
      for (const line of held.splice(0)) onLine(...line);
    },
    lines: () => held.map(([, line]) => line),
  };
}

function reachThrough(link: CompanionLink, leader: ChildProcess): Reach {
  return {
    interrupt: async () => {
      link.send("SIGINT");
    },
    terminate: async () => {
      link.send("SIGTERM");
    },
    kill: async () => {
      // With its leader everything has ended, and a word to nobody would break the link before it is heard out.
      if (leader.pid === undefined || leader.exitCode !== null || leader.signalCode !== null) return;
      link.send("SIGKILL");
      // The companion may be held up. Without its leader, or without the program, the first process ends too.
      for (const { pid } of selectFamily(await listProcesses(), leader.pid)) signalProcess(pid, "SIGKILL");
    },
  };
}

function readEnd(
  link: CompanionLink,
  told: {
    readonly exit: ProgramEnd;
    readonly command: string;
    readonly said: readonly string[];
    readonly isStopped: boolean;
  },
): ProgramEnd {
  const last = link.last();
  if (last?.say === "ended") return { exitCode: last.exitCode, signal: last.signal };
  if (last?.say === "not-started") throw new ProgramNotStarted(told.command, last.code);
  // Nobody was left to tell.
  if (last !== null || told.isStopped) return { exitCode: null, signal: "SIGKILL" };
  const [code, reason] = [told.exit.exitCode ?? told.exit.signal ?? "", told.said.at(-1)];
  throw new SandboxFailed(reason ?? `it ended with ${code} before the program was started.`);
}
