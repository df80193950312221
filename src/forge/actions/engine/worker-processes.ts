import { fork, type ChildProcess } from "node:child_process";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";

import { baseEnvironment } from "./job-environment.ts";

const program = fileURLToPath(new URL("../worker/main.ts", import.meta.url));

/**
 * Starts the processes that run jobs, one ahead of need: a process takes a tenth of a second to load its program,
 * which would be most of a short job.
 */
export class WorkerProcesses {
  #spare: ChildProcess | null = null;
  #closed = false;

  /** Has a process ready for the next job. */
  prepare(): void {
    if (this.#closed || this.#spare !== null) return;
    const spare = start();
    this.#spare = spare;
    spare.once("exit", () => {
      if (this.#spare === spare) this.#spare = null;
    });
  }

  /** A process for one job. It ends with the job. */
  take(): ChildProcess {
    const spare = this.#spare;
    this.#spare = null;
    // Whoever takes one now is likely to take another soon: jobs come in rows.
    setImmediate(() => this.prepare());
    return spare ?? start();
  }

  close(): void {
    this.#closed = true;
    this.#spare?.kill("SIGKILL");
  }
}

function start(): ChildProcess {
  return fork(program, [], {
    // Of its own process group, so that a Ctrl-C in the forge's terminal leaves its end to the forge.
    detached: true,
    // Steps do not inherit this: each gets an environment made for it.
    env: { ...baseEnvironment({}), NODE_COMPILE_CACHE: join(tmpdir(), "node-compile-cache") },
    execArgv: [],
    stdio: ["ignore", "ignore", "pipe", "ipc"],
  });
}
