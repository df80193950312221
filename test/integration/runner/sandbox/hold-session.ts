import { mkdir, mkdtemp, rm, writeFile } from "node:fs/promises";
import { createServer } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { Briefing } from "../../../../src/contract/briefing.ts";
import type { SessionSandbox } from "../../../../src/contract/session-event.ts";
import type { ProgramEnd } from "../../../../src/runner/process/run-program.ts";
import { examineSandbox, type Examination } from "../../../../src/runner/sandbox/examine-sandbox.ts";
import { openSandbox } from "../../../../src/runner/sandbox/open-sandbox.ts";
import { systemTimers } from "../../../../src/runner/timers.ts";

/** A session to hold, as JSON: what it runs, and what is around it. */
export type HeldSession = {
  /** For /bin/sh; `$MACHINE` is a folder beside the session's, and `$PORT` a port of the machine that answers. */
  readonly script: string;
  /** Arguments instead of the script. */
  readonly argv?: readonly [string, ...string[]];
  /** What the machine is said to have: by default what it has. */
  readonly level?: Examination["level"];
  readonly sandbox?: Record<string, unknown>;
  /** The session is stopped when it prints this. */
  readonly stopOn?: string;
  readonly graceMs?: number;
  readonly interruptMs?: number;
};

/** What came of it. */
export type HeldEnd = {
  readonly held: SessionSandbox;
  readonly end: ProgramEnd | null;
  readonly lines: readonly string[];
  readonly limits: readonly string[];
  readonly refused: readonly string[];
  readonly error: string | null;
};

/** Holds a session as this process's user, as a job does. */
export async function holdSession(wanted: HeldSession): Promise<HeldEnd> {
  const root = await mkdtemp(join(tmpdir(), "baton-held-"));
  const folders = {
    workTree: join(root, "job", "work"),
    homeDir: join(root, "job", "home"),
    tempDir: join(root, "job", "tmp"),
    exchangeDir: join(root, "job", "exchange"),
  };
  for (const folder of [...Object.values(folders), join(root, "machine")])
    await mkdir(folder, { recursive: true });
  await writeFile(join(root, "job", "secret"), "the job's");
  await writeFile(join(root, "machine", "secret"), "the machine's");
  const machine = createServer((socket) => {
    socket.on("error", () => undefined);
    socket.end("the machine\n");
  });
  await new Promise<void>((resolve) => machine.listen(0, "127.0.0.1", resolve));
  const model = createServer((socket) => {
    socket.on("error", () => undefined);
    socket.end("the model\n");
  });
  const modelSocket = join(root, "model.sock");
  await new Promise<void>((resolve) => model.listen(modelSocket, resolve));
  const address = machine.address();
  const port = typeof address === "object" && address !== null ? address.port : 0;
  const job = { PATH: process.env["PATH"] ?? "", RUNNER_TEMP: root };
  const examination = await examine(wanted.level, job);
  const [lines, limits, refused]: string[][] = [[], [], []];
  const stop = new AbortController();
  const sandbox = await openSandbox(examination, {
    folders,
    job,
    readable: [],
    wish: Briefing.shape.sandbox.parse(wanted.sandbox ?? {}),
    forwards: [{ port: 40_404, socket: modelSocket }],
    onRefused: (sentence) => refused?.push(sentence),
  });
  const graceMs = wanted.graceMs ?? 60_000;
  let [end, error]: [ProgramEnd | null, string | null] = [null, null];
  try {
    end = await sandbox.run(
      {
        argv: wanted.argv ?? ["/bin/sh", "-c", wanted.script],
        cwd: folders.workTree,
        env: {
          PATH: job.PATH,
          HOME: folders.homeDir,
          TMPDIR: folders.tempDir,
          // Not as the value of a variable: what these name is shown.
          WHERE: `in ${root}`,
          PORT: String(port),
          ...sandbox.env,
        },
        stdin: "",
        onLine: (_stream, line) => {
          lines?.push(line);
          if (line === wanted.stopOn) stop.abort();
        },
      },
      {
        stop: stop.signal,
        grace: () => ({ interruptMs: wanted.interruptMs ?? graceMs, terminateMs: graceMs }),
        timers: systemTimers,
        onLimit: (why) => limits?.push(why),
      },
    );
  } catch (cause) {
    error = cause instanceof Error ? cause.message : String(cause);
  }
  await sandbox.close();
  machine.close();
  model.close();
  await rm(root, { recursive: true, force: true });
  return { held: sandbox.held, end, lines: lines ?? [], limits: limits ?? [], refused: refused ?? [], error };
}

async function examine(
  level: Examination["level"] | undefined,
  env: Readonly<Record<string, string>>,
): Promise<Examination> {
  if (level === "none")
    return examineSandbox({ env: { ...env, BATON_SANDBOX: "off" }, tempDir: tmpdir(), timers: systemTimers });
  const routes = level === "process" ? { routes: [] } : {};
  return examineSandbox({ env, tempDir: tmpdir(), timers: systemTimers, ...routes });
}

// As a program of its own: for another user than the tests'.
const [, , text] = process.argv;
if (import.meta.main && text !== undefined) {
  console.log(JSON.stringify(await holdSession(JSON.parse(text) as HeldSession)));
}
