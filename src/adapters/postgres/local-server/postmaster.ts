import type { ChildProcess } from "node:child_process";
import { spawn } from "node:child_process";
import { once } from "node:events";
import { createInterface } from "node:readline";
import { setTimeout as pause } from "node:timers/promises";
import type { Log } from "../../../ports/log.ts";
import type { Account } from "./choose-account.ts";
import { readPostmasterStatus } from "./postmaster-status.ts";

export type PostmasterOptions = {
  readonly program: string;
  readonly args: readonly string[];
  readonly account: Account | null;
  /** The folder with its files. */
  readonly database: string;
};

/** PostgreSQL's first process, as a child of this one. */
export type Postmaster = {
  /** Resolves when it has ended, however that came, with the last lines it wrote. */
  readonly ended: Promise<string>;
  /** Ends it in order, or at once where that takes too long: then the next start recovers. */
  stop(): Promise<void>;
};

const LOOK_MS = 10;
const CONNECTIONS_TIMEOUT_MS = 2_000;
const STOP_TIMEOUT_MS = 60_000;
const LAST_LINES = 10;

/** Starts PostgreSQL and resolves when it answers; rejects with its own last words when it ends before that. */
export async function startPostmaster(options: PostmasterOptions, log: Log): Promise<Postmaster> {
  const child = spawn(options.program, options.args, {
    ...options.account,
    cwd: options.database,
    // Nothing of the server's own environment, with its secrets, is for the database.
    env: { LC_ALL: "C", PATH: process.env["PATH"] },
    stdio: ["ignore", "ignore", "pipe"],
    // In a session of its own: Ctrl-C in a terminal is for the server, which ends it when all is stored.
    detached: true,
  });
  const lastWords = followLog(child, log);
  const ended = endOf(child).then((why) => why + lastWords());
  const onExit = (): void => void child.kill("SIGINT");
  process.once("exit", onExit);
  void ended.then(() => process.off("exit", onExit));
  const postmaster = { ended, stop: () => stopPostmaster(child, ended) };
  await untilReady(() => isReady(child, options.database), ended);
  return postmaster;
}

/** @returns why it could not be started; empty when it was, and has ended. */
async function endOf(child: ChildProcess): Promise<string> {
  try {
    // `close` would wait for the last of its processes to let go of the log.
    await once(child, "exit");
    return "";
  } catch (error) {
    return String(error);
  }
}

/** Passes on what PostgreSQL writes, and remembers the end of it. */
function followLog(child: ChildProcess, log: Log): () => string {
  const last: string[] = [];
  if (!child.stderr) throw new Error("PostgreSQL's log is not connected.");
  createInterface(child.stderr).on("line", (line) => {
    log.info({ postgres: line }, "PostgreSQL says");
    last.push(line);
    if (last.length > LAST_LINES) last.shift();
  });
  return () => last.join("\n");
}

function isReady({ pid }: ChildProcess, database: string): boolean {
  const status = readPostmasterStatus(database);
  return status !== null && status.pid === pid && status.isReady;
}

/** Looks again and again: recovering may take minutes. */
async function untilReady(isReady: () => boolean, ended: Promise<string>): Promise<void> {
  let lastWords: string | null = null;
  const failed = ended.then((words) => {
    lastWords = words;
  });
  while (!isReady()) {
    await Promise.race([pause(LOOK_MS), failed]);
    if (lastWords !== null) throw new Error(`PostgreSQL did not start: ${String(lastWords)}`);
  }
}

/** First it waits for connections to end, then it ends them, and at last it ends as it is. */
async function stopPostmaster(child: ChildProcess, ended: Promise<string>): Promise<void> {
  child.kill("SIGTERM");
  const impatient = setTimeout(() => child.kill("SIGINT"), CONNECTIONS_TIMEOUT_MS);
  const late = setTimeout(() => child.kill("SIGQUIT"), STOP_TIMEOUT_MS);
  await ended;
  clearTimeout(impatient);
  clearTimeout(late);
}
