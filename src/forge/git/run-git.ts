import { spawn } from "node:child_process";
import { gitEnvironment } from "./git-environment.ts";

export interface GitOptions {
  /** Written to git's standard input; without it, standard input is empty. */
  readonly input?: string | Uint8Array;
  /** Added to the safe environment. */
  readonly env?: Readonly<Record<string, string>>;
  /** Exit codes that are answers and not failures. Default: only 0. */
  readonly answers?: readonly number[];
  /** After this time git is killed and the call fails. Default: two minutes. */
  readonly timeoutMs?: number;
}

export interface GitOutput {
  readonly code: number;
  readonly stdout: Buffer;
  readonly stderr: string;
}

/** Git ended in a way that the caller did not list as an answer. */
export class GitFailure extends Error {
  readonly args: readonly string[];
  readonly code: number | null;
  readonly stderr: string;

  constructor(args: readonly string[], code: number | null, stderr: string) {
    super(`git ${args.join(" ")} ended with ${code ?? "a signal"}: ${stderr.trim()}`);
    this.name = "GitFailure";
    this.args = args;
    this.code = code;
    this.stderr = stderr;
  }
}

const DEFAULT_TIMEOUT_MS = 120_000;

/** Runs git on the bare repository in `gitDir` and gives back what it wrote. */
export function runGit(
  gitDir: string,
  args: readonly string[],
  options: GitOptions = {},
): Promise<GitOutput> {
  const env = gitEnvironment({ GIT_DIR: gitDir, ...options.env });
  return spawnGit(args, { ...options, env, cwd: gitDir });
}

/** As `runGit`, for commands whose answer is text: standard output without its last newline. */
export async function gitText(
  gitDir: string,
  args: readonly string[],
  options: GitOptions = {},
): Promise<string> {
  const output = await runGit(gitDir, args, options);
  return output.stdout.toString("utf8").replace(/\n$/, "");
}

export interface GitProcess extends Omit<GitOptions, "env"> {
  /** The whole environment of the process. */
  readonly env: NodeJS.ProcessEnv;
  readonly cwd: string;
}

/** Runs git where no repository exists yet, or with an environment of the caller's own. */
export function spawnGit(args: readonly string[], process: GitProcess): Promise<GitOutput> {
  return new Promise((resolve, reject) => {
    const child = spawn("git", args, { cwd: process.cwd, env: process.env, stdio: "pipe" });
    const stdout: Buffer[] = [];
    const stderr: Buffer[] = [];
    const timeout = setTimeout(() => child.kill("SIGKILL"), process.timeoutMs ?? DEFAULT_TIMEOUT_MS);
    child.stdout.on("data", (chunk: Buffer) => stdout.push(chunk));
    child.stderr.on("data", (chunk: Buffer) => stderr.push(chunk));
    child.on("error", (cause) => {
      clearTimeout(timeout);
      reject(new Error("git could not be started", { cause }));
    });
    child.on("close", (code) => {
      clearTimeout(timeout);
      const output = { stdout: Buffer.concat(stdout), stderr: Buffer.concat(stderr).toString("utf8") };
      if (code !== null && (process.answers ?? [0]).includes(code)) resolve({ code, ...output });
      else reject(new GitFailure(args, code, output.stderr));
    });
    // Git may end before it has read all of its input; its exit code says what happened.
    child.stdin.on("error", () => undefined);
    child.stdin.end(process.input ?? "");
  });
}
