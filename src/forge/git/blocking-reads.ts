import { execFileSync } from "node:child_process";
import { gitEnvironment } from "./git-environment.ts";
import { parseCommit, type Commit } from "./read-commits.ts";

/*
 * Webhook payloads are composed inside the store's transaction, which is synchronous, and some of them show a commit.
 * These reads block for the few milliseconds that git takes; commits never change, so each is read once.
 */

const MOST_REMEMBERED = 2000;
const remembered = new Map<string, Commit>();

/** A commit that is known to exist, by its whole id or that of an annotated tag that names it. */
export function readCommitBlocking(gitDir: string, oid: string): Commit {
  const key = `${gitDir} ${oid}`;
  const known = remembered.get(key);
  if (known !== undefined) return known;
  const commitId = runBlocking(gitDir, ["rev-parse", "--verify", `${oid}^{commit}`])
    .toString("utf8")
    .trim();
  const commit = parseCommit(commitId, runBlocking(gitDir, ["cat-file", "commit", commitId]));
  if (remembered.size >= MOST_REMEMBERED) remembered.clear();
  remembered.set(key, commit);
  return commit;
}

/** Branches whose history holds the commit, without `refs/heads/`, with their tips. */
export function listBranchesContaining(gitDir: string, oid: string): { name: string; oid: string }[] {
  const format = "--format=%(objectname) %(refname:short)";
  const listed = runBlocking(gitDir, ["for-each-ref", format, "--contains", oid, "refs/heads/"]);
  const lines = listed.toString("utf8").split("\n").slice(0, -1);
  return lines.map((line) => ({ oid: line.slice(0, 40), name: line.slice(41) }));
}

function runBlocking(gitDir: string, args: readonly string[]): Buffer {
  return execFileSync("git", args, {
    cwd: gitDir,
    env: gitEnvironment({ GIT_DIR: gitDir }),
    stdio: ["ignore", "pipe", "pipe"],
    maxBuffer: 64 * 1024 * 1024,
  });
}
