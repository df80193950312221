import { execFile } from "node:child_process";
import { mkdir, mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";

interface GitRun {
  readonly code: number;
  readonly stdout: string;
  readonly stderr: string;
}

/** The real git client in a directory of its own, deaf to the configuration of whoever runs the tests. */
export interface GitClient {
  readonly dir: string;
  /** Runs git and gives back how it ended, whatever its exit code. */
  run(...args: string[]): Promise<GitRun>;
  /** As `run`, but a failure of git fails the test. Gives standard output, trimmed. */
  git(...args: string[]): Promise<string>;
  write(path: string, content: string): Promise<void>;
  /** Writes files, stages everything and commits; gives the commit's id. */
  commit(message: string, files: Readonly<Record<string, string>>): Promise<string>;
  remove(): Promise<void>;
}

export async function createGitClient(): Promise<GitClient> {
  const dir = await mkdtemp(join(tmpdir(), "forge-client-"));
  const run = (...args: string[]) => execGit(dir, args);
  const git = async (...args: string[]) => {
    const ended = await run(...args);
    if (ended.code !== 0) throw new Error(`git ${args.join(" ")}: ${ended.stderr}`);
    return ended.stdout.trim();
  };
  const write = async (path: string, content: string) => {
    await mkdir(dirname(join(dir, path)), { recursive: true });
    await writeFile(join(dir, path), content);
  };
  const commit = async (message: string, files: Readonly<Record<string, string>>) => {
    for (const [path, content] of Object.entries(files)) await write(path, content);
    await git("add", "--all");
    await git("commit", "--quiet", "--allow-empty", "-m", message);
    return git("rev-parse", "HEAD");
  };
  return { dir, run, git, write, commit, remove: () => rm(dir, { recursive: true, force: true }) };
}

/** A client whose directory is a clone of the URL. */
export async function cloneWithGit(url: string): Promise<GitClient> {
  const client = await createGitClient();
  await client.git("clone", "--quiet", url, ".");
  return client;
}

function execGit(cwd: string, args: readonly string[]): Promise<GitRun> {
  const env = {
    PATH: process.env["PATH"],
    HOME: "/nonexistent",
    GIT_CONFIG_NOSYSTEM: "1",
    GIT_TERMINAL_PROMPT: "0",
    GIT_AUTHOR_NAME: "Ada",
    GIT_AUTHOR_EMAIL: "ada@example.com",
    GIT_COMMITTER_NAME: "Ada",
    GIT_COMMITTER_EMAIL: "ada@example.com",
    LC_ALL: "C",
  };
  return new Promise((resolve) => {
    const child = execFile("git", args, { cwd, env, maxBuffer: 1 << 26 }, (_error, stdout, stderr) => {
      resolve({ code: child.exitCode ?? -1, stdout, stderr });
    });
  });
}
