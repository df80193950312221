import { spawn, type ChildProcess } from "node:child_process";
import { randomUUID } from "node:crypto";
import { once } from "node:events";
import type { Readable } from "node:stream";
import type { Timers } from "../timers.ts";
import { createLineSplitter } from "./line-splitter.ts";
import { SESSION_MARK } from "./find-processes.ts";
import { endSession, killSession, type Grace } from "./end-session.ts";

export type Program = {
  readonly argv: readonly [string, ...string[]];
  readonly cwd: string;
  /** The whole environment: nothing is inherited. */
  readonly env: Readonly<Record<string, string>>;
  /** All that it reads, or what is written to it while it runs. */
  readonly stdin: string | Readable;
  readonly onLine: (stream: "stdout" | "stderr", line: string) => void;
  /** A longer line comes in pieces. */
  readonly maxLineCharacters?: number;
};

export type ProgramEnd = {
  /** Null when a signal ended it. */
  readonly exitCode: number | null;
  readonly signal: string | null;
};

/** The program is not there or cannot be executed. */
export class ProgramNotStarted extends Error {
  constructor(command: string, cause: unknown) {
    const code = cause instanceof Error && "code" in cause ? String(cause.code) : "unknown";
    super(`The program ${command} could not be started (${code}).`, { cause });
    this.name = "ProgramNotStarted";
  }
}

/** How long the output may stay open after the program and all that was found of its children are gone. */
const OUTPUT_GRACE_MS = 1_000;

/**
 * Runs a program in a process group and session of its own until it ends or `stop` is aborted: then it is
 * interrupted, terminated and killed in turn, with everything it started. Whatever it left behind when it ended by
 * itself is killed too, so that nothing touches the work tree afterwards. Throws ProgramNotStarted.
 */
export async function runProgram(
  program: Program,
  control: { readonly stop: AbortSignal; readonly grace: () => Grace; readonly timers: Timers },
): Promise<ProgramEnd> {
  const mark = randomUUID();
  const [command, ...args] = program.argv;
  const child = spawn(command, args, {
    cwd: program.cwd,
    env: { ...program.env, [SESSION_MARK]: mark },
    detached: true,
    stdio: ["pipe", "pipe", "pipe"],
  });
  const exited = exitOf(child, command);
  const drained = forwardOutput(child, program);
  // A program that does not read its input closes the pipe: that is its right.
  child.stdin.on("error", () => undefined);
  if (typeof program.stdin === "string") child.stdin.end(program.stdin);
  else program.stdin.pipe(child.stdin);

  const stopping = whenAborted(control.stop).then(async () => {
    if (child.pid !== undefined)
      await endSession(
        { leader: child.pid, mark, exited },
        { grace: control.grace(), timers: control.timers },
      );
  });
  const end = await exited;
  if (control.stop.aborted) await stopping;
  if (child.pid !== undefined) await killSession(child.pid, mark);
  await Promise.race([drained, control.timers.sleep(OUTPUT_GRACE_MS)]);
  child.stdout.destroy();
  child.stderr.destroy();
  return end;
}

async function exitOf(child: ChildProcess, command: string): Promise<ProgramEnd> {
  try {
    const [exitCode, signal] = (await once(child, "exit")) as [number | null, string | null];
    return { exitCode, signal };
  } catch (cause) {
    throw new ProgramNotStarted(command, cause);
  }
}

async function forwardOutput(child: ChildProcess, program: Program): Promise<void> {
  const streams = (["stdout", "stderr"] as const).map(async (name) => {
    const stream = child[name];
    if (stream === null) return;
    const splitter = createLineSplitter((line) => {
      program.onLine(name, line);
    }, program.maxLineCharacters);
    stream.on("data", (chunk: Buffer) => {
      splitter.write(chunk);
    });
    await new Promise<void>((resolve) => stream.once("close", resolve));
    splitter.end();
  });
  await Promise.all(streams);
}

async function whenAborted(signal: AbortSignal): Promise<void> {
  if (signal.aborted) return;
  await new Promise<void>((resolve) => {
    signal.addEventListener(
      "abort",
      () => {
        resolve();
      },
      { once: true },
    );
  });
}
