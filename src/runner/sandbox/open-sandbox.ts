import { chmod, mkdir, readFile, rm } from "node:fs/promises";
import { dirname, join } from "node:path";
import type { Sandbox as SandboxWish } from "../../contract/briefing.ts";
import type { SessionSandbox } from "../../contract/session-event.ts";
import { makeShortFolder } from "../make-short-folder.ts";
import type { RunControl } from "../process/attend-program.ts";
import type { Grace } from "../process/end-session.ts";
import { ProgramNotStarted, runProgram, type Program, type ProgramEnd } from "../process/run-program.ts";
import { parseDestination, startConnectProxy } from "./connect-proxy.ts";
import type { CompanionStart } from "./companion.ts";
import { countThreads, drawIdentity, limitArgv, parseHardLimits } from "./enter-namespaces.ts";
import { findTools } from "./find-tools.ts";
import type { Examination } from "./examine-sandbox.ts";
import { runConfined } from "./run-confined.ts";
import { runReaped } from "./run-reaped.ts";
import { resolveLimits, type SessionLimits } from "./session-limits.ts";
import { passedFileSize, watchLimits, type LimitWatch } from "./watch-limits.ts";
import { findProgram, wishView, type SessionFolders } from "./wish-view.ts";

/** What holds a session. */
export type Sandbox = {
  /** For the record. */
  readonly held: SessionSandbox;
  /** What programs need in their environment to get out to the hosts that they may reach. */
  readonly env: Readonly<Record<string, string>>;
  /** Runs a program to its end, with everything that it starts. Throws ProgramNotStarted and SandboxFailed. */
  readonly run: (program: Program, control: SandboxControl) => Promise<ProgramEnd>;
  /** Nothing runs in it any more. */
  readonly close: () => Promise<void>;
};

type SandboxControl = RunControl & {
  /** A limit was passed, and the program is being stopped for it: a sentence that names the limit. */
  readonly onLimit: (why: string) => void;
};

type SandboxPlan = {
  readonly folders: SessionFolders;
  /** The job's variables, which say where its runner keeps its own. */
  readonly job: Readonly<Record<string, string | undefined>>;
  /** What else the session may read: the programs installed for it. */
  readonly readable: readonly string[];
  readonly wish: SandboxWish;
  /** Ports of the session's own loopback interface, and the Unix sockets that answer there. */
  readonly forwards: CompanionStart["forwards"];
  /** Told of hosts that were refused, with a sentence for a person. */
  readonly onRefused: (sentence: string) => void;
};

/** A program in flight past a limit does harm for as long as it is asked to end. */
const LIMIT_GRACE: Grace = { interruptMs: 1_000, terminateMs: 500 };

/** On the session's own loopback interface, where nothing else listens but what it is given. */
const PROXY_PORT = 38_118;

/** Opens what `examination` found this machine to have. Throws where the disk does not let it. */
export async function openSandbox(examination: Examination, plan: SandboxPlan): Promise<Sandbox> {
  const { folders, wish } = plan;
  const limits = resolveLimits(wish);
  const watched = [folders.workTree, folders.homeDir, folders.tempDir] as const;
  switch (examination.level) {
    case "full":
      return openFull(examination, plan, limits);
    case "process": {
      const { perl } = examination;
      const run = withLimits({ limits, folders: watched }, async (program, control) =>
        runReaped(await withinBounds(program, limits), perl, control),
      );
      return { held: describeSandbox(examination, wish), env: {}, run, close: async () => undefined };
    }
    case "none":
      return openBare(examination.summary, wish, watched);
  }
}

/** Nothing but limits: for a machine that has no more to offer. */
export function openBare(
  summary: string,
  wish: SandboxWish,
  folders: readonly [string, ...string[]],
): Sandbox {
  const limits = resolveLimits(wish);
  const run = withLimits({ limits, folders }, async (program, control) =>
    runProgram(await withinBounds(program, limits), control),
  );
  return {
    held: describeSandbox({ level: "none", summary }, wish),
    env: {},
    run,
    close: async () => undefined,
  };
}

async function openFull(
  examination: Extract<Examination, { level: "full" }>,
  { folders, job, readable, wish, forwards, onRefused }: SandboxPlan,
  limits: SessionLimits,
): Promise<Sandbox> {
  const scratchDir = await makeScratch(folders);
  const temp = join(scratchDir, "tmp");
  await mkdir(temp);
  await chmod(temp, 0o1777);
  const socket = join(scratchDir, "hosts.sock");
  const proxy =
    wish.hosts.length === 0
      ? null
      : await startConnectProxy(socket, {
          destinations: wish.hosts.map(parseDestination).filter((destination) => destination !== null),
          onRefused,
        });
  const cell = {
    route: examination.route,
    identity: drawIdentity(examination.route),
    tools: examination.tools,
    limits,
    forwards: proxy === null ? forwards : [...forwards, { port: PROXY_PORT, socket }],
    scratchDir,
    temp,
    homeDir: folders.homeDir,
  };
  return {
    held: describeSandbox(examination, wish),
    env: proxy === null ? {} : proxyVariables(`http://127.0.0.1:${PROXY_PORT}`),
    run: withLimits(
      { limits, folders: [folders.workTree, folders.homeDir, folders.tempDir, temp] },
      (program, control) =>
        runConfined(program, { ...cell, view: wishView(program, { folders, job, readable }) }, control),
    ),
    close: async () => {
      await proxy?.stop();
      // What a session made unreadable stays for the runner to empty.
      await rm(scratchDir, { recursive: true, force: true }).catch(() => undefined);
    },
  };
}

/** Throws ProgramNotStarted: what starts it would not tell that it is not there. */
async function withinBounds(program: Program, limits: SessionLimits): Promise<Program> {
  const [command] = program.argv;
  const search = (program.env["PATH"] ?? "").split(":");
  if (findProgram(command, search, program.cwd) === null) throw new ProgramNotStarted(command, "ENOENT");
  const { prlimit } = findTools(process.env["PATH"] ?? "");
  if (prlimit === null) return program;
  const hard = parseHardLimits(await readFile("/proc/self/limits", "utf8").catch(() => ""));
  const threadsOutside = await countThreads(process.getuid?.() ?? 0);
  return { ...program, argv: [...limitArgv(prlimit, { limits, hard, threadsOutside }), ...program.argv] };
}

/** Beside the session's folders, where it does not see it. */
async function makeScratch({ workTree }: SessionFolders): Promise<string> {
  return makeShortFolder("sandbox-", [dirname(workTree)]);
}

function proxyVariables(url: string): Readonly<Record<string, string>> {
  const around = "127.0.0.1,localhost";
  return {
    HTTPS_PROXY: url,
    https_proxy: url,
    NO_PROXY: around,
    no_proxy: around,
    // Node's own client reads these only when told to.
    NODE_USE_ENV_PROXY: "1",
  };
}

/** For the record: what holds a session, or would have. */
export function describeSandbox(
  { level, summary }: Pick<Examination, "level" | "summary">,
  wish: SandboxWish,
): SessionSandbox {
  return { level, summary, hosts: level === "full" ? [...wish.hosts] : null, limits: resolveLimits(wish) };
}

type Run = (
  program: Program,
  control: RunControl & { readonly onStarted: (leader: number) => void },
) => Promise<ProgramEnd>;

/** Stops a program at the first limit that it passes. */
function withLimits(
  { limits, folders }: { readonly limits: SessionLimits; readonly folders: readonly [string, ...string[]] },
  run: Run,
): Sandbox["run"] {
  return async (program, control) => {
    const passed = new AbortController();
    let watch: LimitWatch | null = null;
    const onPassed = (why: string): void => {
      if (passed.signal.aborted) return;
      control.onLimit(why);
      passed.abort();
    };
    try {
      const end = await run(program, {
        timers: control.timers,
        stop: AbortSignal.any([control.stop, passed.signal]),
        grace: () => (passed.signal.aborted ? LIMIT_GRACE : control.grace()),
        onStarted: (leader) => {
          watch = watchLimits(leader, { limits, folders, timers: control.timers, onPassed });
        },
        onOutputBytes: (bytes) => {
          watch?.addOutput(bytes);
          control.onOutputBytes?.(bytes);
        },
      });
      if (end.signal === "SIGXFSZ") onPassed(passedFileSize(limits));
      return end;
    } finally {
      await (watch as LimitWatch | null)?.end();
    }
  };
}
