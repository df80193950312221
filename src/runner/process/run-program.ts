import { spawn } from "node:child_process";
import { randomUUID } from "node:crypto";
import type { Readable } from "node:stream";
import { attendProgram, type ProcessExit, type RunControl } from "./attend-program.ts";
import { reachByMark, type Reach } from "./end-session.ts";
import { SESSION_MARK } from "./find-processes.ts";

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
  constructor(command: string, code: string, options?: ErrorOptions) {
    super(`The program ${command} could not be started (${code}).`, options);
    this.name = "ProgramNotStarted";
  }
}

const NOBODY: Reach = {
  interrupt: async () => undefined,
  terminate: async () => undefined,
  kill: async () => undefined,
};

/**
 * Runs a program in a process group and session of its own until it ends or `stop` is aborted: then it is
 * interrupted, terminated and killed in turn, with everything it started. Whatever it left behind when it ended by
 * itself is killed too, so that nothing touches the work tree afterwards. Throws ProgramNotStarted.
 */
export async function runProgram(
  program: Program,
  control: RunControl & {
    readonly onStarted?: (leader: number) => void;
    /** The program takes in what loses its parent, and ends when there is nothing left to take in. */
    readonly isReaper?: boolean;
  },
): Promise<ProgramEnd> {
  const mark = randomUUID();
  const [command, ...args] = program.argv;
  const child = spawn(command, args, {
    cwd: program.cwd,
    env: { ...program.env, [SESSION_MARK]: mark },
    detached: true,
    stdio: ["pipe", "pipe", "pipe"],
  });
  const reach =
    child.pid === undefined
      ? NOBODY
      : reachByMark({ pid: child.pid, mark, isReaper: control.isReaper ?? false });
  if (child.pid !== undefined) control.onStarted?.(child.pid);
  return await attendOrThrow(command, attendProgram(child, program, { ...control, reach }));
}

async function attendOrThrow(command: string, attended: Promise<ProcessExit>): Promise<ProgramEnd> {
  try {
    return await attended;
  } catch (cause) {
    const code = cause instanceof Error && "code" in cause ? String(cause.code) : "unknown";
    throw new ProgramNotStarted(command, code, { cause });
  }
}
