import { spawn, type ChildProcess } from "node:child_process";
import { existsSync } from "node:fs";
import { constants } from "node:os";

import type { CancelGrace } from "./job-assignment.ts";
import { LineReader } from "./line-reader.ts";
import { StepFailure } from "./log-failure.ts";
import { killTracked, sendSignal } from "./process-tree.ts";

export interface StepProcess {
  command: string;
  args: string[];
  cwd: string;
  env: Record<string, string>;
  onLine: (line: string) => void;
  /** Aborted when the step is cancelled or out of time. */
  signal: AbortSignal;
  grace: CancelGrace;
}

/**
 * Runs a process and gives its exit code, 128 and more for a signal as shells do.
 *
 * On abort the process alone gets SIGINT and then SIGTERM, as on GitHub; whatever is left of the step is
 * killed in the end. A step that ends by itself keeps its background processes until the job ends.
 * @throws StepFailure when the program cannot be started
 */
export function runStepProcess(step: StepProcess): Promise<number> {
  const { command, args, cwd, env } = step;
  if (!existsSync(cwd)) throw new StepFailure(`The working directory '${cwd}' does not exist.`);
  return new Promise((resolve, reject) => {
    const child = spawn(command, args, { cwd, env, stdio: ["ignore", "pipe", "pipe"] });
    const readers = [new LineReader(child.stdout, step.onLine), new LineReader(child.stderr, step.onLine)];
    const stopAsking = endOnAbort(child, step);
    child.once("error", (cause) => {
      stopAsking();
      reject(new StepFailure(`${command} could not be started: ${cause.message}`, { cause }));
    });
    child.once("exit", (code, signal) => {
      stopAsking();
      if (step.signal.aborted) killTracked(env["RUNNER_TRACKING_ID"] ?? "");
      const finish = (): void => {
        for (const reader of readers) reader.finish();
        resolve(code ?? 128 + constants.signals[signal ?? "SIGKILL"]);
      };
      child.once("close", finish);
      whenSilent(readers, finish);
    });
  });
}

function endOnAbort(child: ChildProcess, step: StepProcess): () => void {
  const timers: NodeJS.Timeout[] = [];
  const ask = (): void => {
    const pid = child.pid;
    if (pid === undefined) return;
    sendSignal(pid, "SIGINT");
    timers.push(setTimeout(() => sendSignal(pid, "SIGTERM"), step.grace.interruptMs));
    const patienceMs = step.grace.interruptMs + step.grace.terminateMs;
    timers.push(setTimeout(() => killTree(pid, step), patienceMs));
  };
  if (step.signal.aborted) ask();
  else step.signal.addEventListener("abort", ask, { once: true });
  return () => {
    step.signal.removeEventListener("abort", ask);
    for (const timer of timers) clearTimeout(timer);
  };
}

function killTree(pid: number, step: StepProcess): void {
  killTracked(step.env["RUNNER_TRACKING_ID"] ?? "");
  sendSignal(pid, "SIGKILL");
}

/** How long silence lasts before nothing more is expected. */
const silenceMs = 200;

/**
 * Children that a step left in the background keep its output open. What the step itself wrote has arrived when
 * nothing came for a while, in which the event loop has looked for more.
 */
function whenSilent(readers: readonly LineReader[], finish: () => void): void {
  const before = readers.map((reader) => reader.chunks);
  const look = (): void => {
    const isSilent = readers.every((reader, index) => reader.chunks === before[index]);
    if (isSilent) finish();
    else whenSilent(readers, finish);
  };
  // Immediates run after a round of reading, timers before it.
  setTimeout(() => setImmediate(look), silenceMs);
}
