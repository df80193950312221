import { spawn } from "node:child_process";
import { once } from "node:events";
import type { GitPlace } from "./git-place.ts";

/** One `git -c` setting, handed over in the environment, where no other process' arguments show it. */
export type GitSetting = readonly [key: string, value: string];

export type GitOptions = {
  readonly workTree?: string;
  readonly settings?: readonly GitSetting[];
  readonly env?: Readonly<Record<string, string>>;
  readonly input?: string | Buffer;
  /** Output past this many bytes is a failure: it was not meant to be that much. */
  readonly maxOutputBytes?: number;
};

export type GitOutcome = { readonly exitCode: number; readonly stdout: Buffer; readonly stderr: string };

export class GitFailed extends Error {
  readonly stderr: string;

  constructor(args: readonly string[], outcome: { readonly exitCode: number; readonly stderr: string }) {
    const why = outcome.stderr.trim().split("\n").at(-1) ?? "";
    super(`git ${args[0] ?? ""} ended with code ${outcome.exitCode}: ${why}`);
    this.name = "GitFailed";
    this.stderr = outcome.stderr;
  }
}

const DEFAULT_MAX_OUTPUT_BYTES = 64 * 1024 * 1024;
const MAX_ERROR_BYTES = 64 * 1024;

/**
 * Settings that hold for every command. They rank above all configuration files, so that nothing a repository or an
 * agent wrote into one is executed: no hooks, no file system monitor, no credential helper, no submodules.
 */
const SAFE_SETTINGS: readonly GitSetting[] = [
  ["core.hooksPath", "/dev/null"],
  ["core.fsmonitor", "false"],
  ["core.untrackedCache", "false"],
  ["core.sshCommand", "false"],
  ["core.askPass", ""],
  ["credential.helper", ""],
  ["protocol.allow", "never"],
  ["protocol.http.allow", "always"],
  ["protocol.https.allow", "always"],
  ["protocol.file.allow", "always"],
  // A redirect would carry the credential header to another host.
  ["http.followRedirects", "false"],
  ["submodule.recurse", "false"],
  ["fetch.recurseSubmodules", "false"],
  ["diff.external", ""],
  ["gc.auto", "0"],
  ["maintenance.auto", "false"],
  ["advice.detachedHead", "false"],
  ["init.defaultBranch", "main"],
  ["safe.directory", "*"],
];

/** Runs git to its end. Throws only when it could not be started or wrote more than allowed. */
export async function runGit(
  place: GitPlace,
  args: readonly string[],
  options: GitOptions = {},
): Promise<GitOutcome> {
  const child = spawn("git", ["--git-dir", place.gitDir, ...workTreeArgument(options.workTree), ...args], {
    cwd: options.workTree ?? place.gitDir,
    env: gitEnvironment(place, options),
    stdio: ["pipe", "pipe", "pipe"],
  });
  // git may end before it has read all its input, for example when it refuses an option.
  child.stdin.on("error", () => undefined);
  child.stdin.end(options.input ?? "");
  const limit = options.maxOutputBytes ?? DEFAULT_MAX_OUTPUT_BYTES;
  const [[exitCode], stdout, stderr] = await Promise.all([
    once(child, "close") as Promise<[number | null]>,
    collect(child.stdout, limit),
    collect(child.stderr, MAX_ERROR_BYTES),
  ]);
  if (stdout === null) throw new Error(`git ${args[0] ?? ""} wrote more than ${limit} bytes.`);
  return {
    exitCode: exitCode ?? -1,
    stdout,
    stderr: (stderr ?? Buffer.from("(too much to show)")).toString(),
  };
}

/** The output of a command that must succeed; throws GitFailed. */
export async function gitOutput(
  place: GitPlace,
  args: readonly string[],
  options: GitOptions = {},
): Promise<Buffer> {
  const outcome = await runGit(place, args, options);
  if (outcome.exitCode !== 0) throw new GitFailed(args, outcome);
  return outcome.stdout;
}

/** The same as text without the last line end. */
export async function gitText(
  place: GitPlace,
  args: readonly string[],
  options: GitOptions = {},
): Promise<string> {
  return (await gitOutput(place, args, options)).toString("utf8").replace(/\n$/, "");
}

function workTreeArgument(workTree: string | undefined): readonly string[] {
  return workTree === undefined ? [] : ["--work-tree", workTree];
}

function gitEnvironment(place: GitPlace, options: GitOptions): Record<string, string> {
  const settings = [...SAFE_SETTINGS, ...(options.settings ?? [])];
  const environment: Record<string, string> = {
    PATH: place.path,
    HOME: place.homeDir,
    LC_ALL: "C",
    GIT_CONFIG_NOSYSTEM: "1",
    GIT_CONFIG_GLOBAL: "/dev/null",
    GIT_ATTR_NOSYSTEM: "1",
    GIT_TERMINAL_PROMPT: "0",
    GIT_OPTIONAL_LOCKS: "0",
    GIT_NO_LAZY_FETCH: "1",
    GIT_CONFIG_COUNT: String(settings.length),
    ...options.env,
  };
  settings.forEach(([key, value], index) => {
    environment[`GIT_CONFIG_KEY_${index}`] = key;
    environment[`GIT_CONFIG_VALUE_${index}`] = value;
  });
  return environment;
}

/** Null when there was more than `limit`; the rest is read and dropped, so that the writer can end. */
async function collect(stream: NodeJS.ReadableStream, limit: number): Promise<Buffer | null> {
  const chunks: Buffer[] = [];
  let size = 0;
  for await (const chunk of stream as AsyncIterable<Buffer>) {
    size += chunk.length;
    if (size <= limit) chunks.push(chunk);
  }
  return size > limit ? null : Buffer.concat(chunks);
}
