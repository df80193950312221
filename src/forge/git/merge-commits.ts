import type { GitIdentity } from "./git-identity.ts";
import { listCommits, readCommits, type Commit } from "./read-commits.ts";
import { runGit } from "./run-git.ts";
import { writeCommit } from "./write-objects.ts";

export type MergeResult =
  | { readonly kind: "merged"; readonly oid: string }
  | { readonly kind: "conflict"; readonly paths: readonly string[] };

/** Merges two commits without a work tree. `oid` of a success is the resulting tree. */
async function mergeTrees(gitDir: string, ours: string, theirs: string): Promise<MergeResult> {
  const args = ["merge-tree", "--write-tree", "--no-messages", "--name-only", "-z", ours, theirs];
  const { code, stdout } = await runGit(gitDir, args, { answers: [0, 1] });
  const [tree = "", ...paths] = stdout
    .toString("utf8")
    .split("\0")
    .filter((field) => field !== "");
  return code === 0 ? { kind: "merged", oid: tree } : { kind: "conflict", paths: [...new Set(paths)] };
}

export interface MergeRequest {
  /** Tip of the branch that receives. */
  readonly base: string;
  /** Tip of the branch that is taken in. */
  readonly head: string;
  readonly message: string;
  readonly author: GitIdentity;
  readonly committer: GitIdentity;
}

/** A commit with both tips as parents. */
export async function writeMerge(gitDir: string, merge: MergeRequest): Promise<MergeResult> {
  const merged = await mergeTrees(gitDir, merge.base, merge.head);
  if (merged.kind === "conflict") return merged;
  const { message, author, committer } = merge;
  const commit = { tree: merged.oid, parents: [merge.base, merge.head], message, author, committer };
  return { kind: "merged", oid: await writeCommit(gitDir, commit) };
}

/** One commit on the base with all that the head changed. */
export async function writeSquash(gitDir: string, merge: MergeRequest): Promise<MergeResult> {
  const merged = await mergeTrees(gitDir, merge.base, merge.head);
  if (merged.kind === "conflict") return merged;
  const { message, author, committer } = merge;
  return {
    kind: "merged",
    oid: await writeCommit(gitDir, { tree: merged.oid, parents: [merge.base], message, author, committer }),
  };
}

export interface RebaseRequest {
  readonly base: string;
  readonly head: string;
  readonly committer: GitIdentity;
}

/**
 * Puts the head's commits one by one on the base, keeping author and message. Merge commits vanish, as
 * do commits whose change the base already has; `oid` is then that of the last one that remains.
 */
export async function writeRebase(gitDir: string, rebase: RebaseRequest): Promise<MergeResult> {
  const walk = { from: [rebase.head], without: [rebase.base], order: "oldest first" } as const;
  const commits = (await listCommits(gitDir, walk)).filter((commit) => commit.parents.length === 1);
  let tip = rebase.base;
  for (const commit of commits) {
    const picked = await cherryPick(gitDir, commit, { onto: tip, committer: rebase.committer });
    if (picked.kind === "conflict") return picked;
    tip = picked.oid;
  }
  return { kind: "merged", oid: tip };
}

async function cherryPick(
  gitDir: string,
  commit: Commit,
  { onto, committer }: { onto: string; committer: GitIdentity },
): Promise<MergeResult> {
  const [parent = ""] = commit.parents;
  const [target] = await readCommits(gitDir, [onto]);
  if (target === undefined) throw new Error(`${onto} is not a commit`);
  // Before git 2.40 merge-tree takes no merge base. A stand-in for the target whose only parent is the
  // picked commit's parent makes that parent the merge base.
  const { message, author } = commit;
  const standIn = await writeCommit(gitDir, {
    tree: target.tree,
    parents: [parent],
    message,
    author,
    committer,
  });
  const merged = await mergeTrees(gitDir, standIn, commit.oid);
  if (merged.kind === "conflict") return merged;
  if (merged.oid === target.tree) return { kind: "merged", oid: onto };
  const rebased = { tree: merged.oid, parents: [onto], message, author, committer };
  return { kind: "merged", oid: await writeCommit(gitDir, rebased) };
}
