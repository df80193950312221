import { appendFile, mkdir, mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join, resolve } from "node:path";
import { gitEnvironment, userGitEnvironment } from "./git-environment.ts";
import type { GitIdentity } from "./git-identity.ts";
import { gitText, runGit, spawnGit } from "./run-git.ts";
import { writeCommit } from "./write-objects.ts";

/**
 * What every repository of the forge is configured with.
 * - Each ref update of a push goes to the `proc-receive` hook, so that the forge itself decides on and
 *   carries out every update, whether it came by git or by the API.
 * - `refs/pull/` is readable and not writable, as on GitHub.
 * - Any object can be fetched by its id, which checkouts of a commit rely on.
 */
const CONFIGURATION = `[http]
	receivepack = true
	getanyfile = false
[receive]
	procReceiveRefs = refs
	hideRefs = refs/pull
	fsckObjects = true
	autogc = false
[uploadpack]
	allowAnySHA1InWant = true
	allowFilter = true
[gc]
	auto = 0
`;

/** Creates a repository without commits, whose HEAD names the branch to come. */
export async function createEmptyRepository(gitDir: string, defaultBranch: string): Promise<void> {
  await mkdir(gitDir, { recursive: true });
  const args = ["init", "--quiet", "--bare", "--template=", `--initial-branch=${defaultBranch}`, gitDir];
  await spawnGit(args, { env: gitEnvironment(), cwd: gitDir });
  await appendFile(join(gitDir, "config"), CONFIGURATION);
}

export interface SeedCommit {
  readonly defaultBranch: string;
  readonly message: string;
  readonly author: GitIdentity;
}

/**
 * Creates a repository with one commit that holds the files of a directory; files that the directory's
 * own `.gitignore` names stay out, as they would for a person who commits it.
 * @returns the id of the commit
 */
export async function createSeededRepository(
  gitDir: string,
  seedDir: string,
  seed: SeedCommit,
): Promise<string> {
  await createEmptyRepository(gitDir, seed.defaultBranch);
  const scratch = await mkdtemp(join(tmpdir(), "forge-seed-"));
  try {
    const env = { GIT_INDEX_FILE: join(scratch, "index") };
    const workTree = resolve(seedDir);
    await runGit(gitDir, ["-C", workTree, "--work-tree", workTree, "add", "--all", "."], { env });
    const tree = await gitText(gitDir, ["write-tree"], { env });
    const { author, message } = seed;
    const commit = await writeCommit(gitDir, { tree, parents: [], author, committer: author, message });
    await runGit(gitDir, ["update-ref", `refs/heads/${seed.defaultBranch}`, commit]);
    return commit;
  } finally {
    await rm(scratch, { recursive: true, force: true });
  }
}

/**
 * Creates a repository with the branches and tags of another one, which is only read: its objects are
 * copied and not shared, and its uncommitted work does not come along.
 * @param source a path or any URL that git can clone
 * @returns the default branch: the one the source has checked out, else `main`, `master` or the first
 */
export async function createClonedRepository(gitDir: string, source: string): Promise<string> {
  await mkdir(gitDir, { recursive: true });
  const args = ["clone", "--quiet", "--bare", "--no-hardlinks", "--template=", "--", source, gitDir];
  await spawnGit(args, { env: userGitEnvironment(), cwd: gitDir, timeoutMs: 15 * 60_000 });
  if ((await gitText(gitDir, ["rev-parse", "--show-object-format"])) !== "sha1") {
    throw new Error(`The forge does not support repositories with SHA-256 object names, as ${source} is.`);
  }
  // A fresh configuration: the clone's names its source as `origin`, possibly with a password.
  await writeFile(
    join(gitDir, "config"),
    `[core]\n\trepositoryformatversion = 0\n\tbare = true\n${CONFIGURATION}`,
  );
  return settleHead(gitDir);
}

async function settleHead(gitDir: string): Promise<string> {
  const branches = (await gitText(gitDir, ["for-each-ref", "--format=%(refname:short)", "refs/heads"]))
    .split("\n")
    .filter((name) => name !== "");
  const head = await runGit(gitDir, ["symbolic-ref", "--quiet", "--short", "HEAD"], { answers: [0, 1] });
  const current = head.stdout.toString("utf8").trim();
  const candidates = [current, "main", "master", ...branches.slice(0, 1)];
  const chosen = candidates.find((name) => branches.includes(name)) ?? (current === "" ? "main" : current);
  await runGit(gitDir, ["symbolic-ref", "HEAD", `refs/heads/${chosen}`]);
  return chosen;
}
