import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { formatIdentity, type GitIdentity } from "./git-identity.ts";
import { NO_OBJECT } from "./read-objects.ts";
import { readTree } from "./read-tree.ts";
import { gitText, runGit } from "./run-git.ts";

export async function writeBlob(gitDir: string, content: string | Uint8Array): Promise<string> {
  return gitText(gitDir, ["hash-object", "-t", "blob", "-w", "--stdin"], { input: content });
}

export interface NewCommit {
  readonly tree: string;
  readonly parents: readonly string[];
  readonly author: GitIdentity;
  readonly committer: GitIdentity;
  readonly message: string;
}

/** Writes a commit object; the same commit written twice has the same id. */
export async function writeCommit(gitDir: string, commit: NewCommit): Promise<string> {
  const lines = [
    `tree ${commit.tree}`,
    ...commit.parents.map((parent) => `parent ${parent}`),
    `author ${formatIdentity(commit.author)}`,
    `committer ${formatIdentity(commit.committer)}`,
    "",
    commit.message.endsWith("\n") ? commit.message : `${commit.message}\n`,
  ];
  return gitText(gitDir, ["hash-object", "-t", "commit", "-w", "--stdin"], { input: lines.join("\n") });
}

export interface TreeChange {
  /** From the root, without a leading slash. */
  readonly path: string;
  /** As in `TreeEntry`; `040000` puts a whole tree there. */
  readonly mode: string;
  /** `null` removes what is at the path. */
  readonly oid: string | null;
}

/**
 * Writes the tree that results from applying changes to another one (or to nothing).
 * A file where a directory was replaces it, and the reverse.
 */
export async function writeTree(
  gitDir: string,
  base: string | undefined,
  changes: readonly TreeChange[],
): Promise<string> {
  const scratch = await mkdtemp(join(tmpdir(), "forge-index-"));
  try {
    const env = { GIT_INDEX_FILE: join(scratch, "index") };
    await runGit(gitDir, ["read-tree", base ?? "--empty"], { env });
    const lines = await indexLines(gitDir, base, changes);
    const input = lines.map((line) => `${line}\0`).join("");
    await runGit(gitDir, ["update-index", "-z", "--replace", "--index-info"], { env, input });
    return await gitText(gitDir, ["write-tree"], { env });
  } finally {
    await rm(scratch, { recursive: true, force: true });
  }
}

async function indexLines(
  gitDir: string,
  base: string | undefined,
  changes: readonly TreeChange[],
): Promise<string[]> {
  const lines: string[] = [];
  const replaced = changes.filter((change) => change.oid === null || change.mode === "040000");
  const before = replaced.length > 0 && base !== undefined ? await listFiles(gitDir, base) : [];
  for (const change of changes) {
    if (change.oid === null || change.mode === "040000") {
      // An index holds files only: a directory goes or comes as all the files below it.
      const gone = before.filter((path) => path === change.path || path.startsWith(`${change.path}/`));
      lines.push(...gone.map((path) => `0 ${NO_OBJECT}\t${path}`));
    }
    if (change.oid === null) continue;
    if (change.mode !== "040000") lines.push(`${change.mode} ${change.oid}\t${change.path}`);
    else lines.push(...(await linesOfTree(gitDir, change.oid, change.path)));
  }
  return lines;
}

async function listFiles(gitDir: string, tree: string): Promise<string[]> {
  const entries = (await readTree(gitDir, tree, { recursive: true })) ?? [];
  return entries.filter((entry) => entry.type !== "tree").map((entry) => entry.path);
}

async function linesOfTree(gitDir: string, tree: string, path: string): Promise<string[]> {
  const entries = (await readTree(gitDir, tree, { recursive: true })) ?? [];
  return entries
    .filter((entry) => entry.type !== "tree")
    .map((entry) => `${entry.mode} ${entry.oid}\t${path}/${entry.path}`);
}
