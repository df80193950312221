import { listChangedFiles, type ChangedFile } from "../../git/changed-files.ts";
import { compareCommits, findMergeBase } from "../../git/compare-commits.ts";
import { writeMerge } from "../../git/merge-commits.ts";
import { NO_OBJECT } from "../../git/read-objects.ts";
import { runGit } from "../../git/run-git.ts";
import type { Pull } from "../entity/pull.ts";
import { webFlowIdentity } from "../git-identity-of.ts";
import type { Hub } from "../hub.ts";

/** What git says about a pull request with certain tips. */
export interface PullMeasure {
  readonly headSha: string;
  readonly baseSha: string;
  readonly commits: number;
  readonly additions: number;
  readonly deletions: number;
  readonly changedFiles: number;
  /** The test merge; `null` when the ends conflict. */
  readonly mergeCommitSha: string | null;
}

export interface PullEnds {
  readonly headSha: string;
  readonly baseSha: string;
}

/**
 * Brings the head's commits into the base repository, tries the merge, and points `refs/pull/<number>/merge` at the
 * result, which checkouts of pull requests rely on.
 * @returns `undefined` when the ends share no history
 */
export async function measurePull(
  hub: Hub,
  pull: Pick<Pull, "repositoryId" | "number" | "head">,
  ends: PullEnds,
): Promise<PullMeasure | undefined> {
  const gitDir = hub.gitDirectory(pull.repositoryId);
  if (pull.head.repositoryId !== null && pull.head.repositoryId !== pull.repositoryId) {
    await fetchObjects(gitDir, hub.gitDirectory(pull.head.repositoryId), ends.headSha);
  }
  const comparison = await compareCommits(gitDir, ends.baseSha, ends.headSha);
  if (comparison === undefined) return undefined;
  const files = await listChangedFiles(gitDir, comparison.mergeBase, ends.headSha);
  const mergeCommitSha = await writeTestMerge(hub, gitDir, ends);
  await pointAt(gitDir, `refs/pull/${pull.number}/merge`, mergeCommitSha ?? NO_OBJECT);
  return {
    ...ends,
    commits: comparison.aheadBy,
    additions: sum(files, (file) => file.additions),
    deletions: sum(files, (file) => file.deletions),
    changedFiles: files.length,
    mergeCommitSha,
  };
}

/** As `measurePull`, for whoever opens the pull request or moves its head: `refs/pull/<number>/head` follows. */
export async function measureNewHead(
  hub: Hub,
  pull: Pick<Pull, "repositoryId" | "number" | "head">,
  ends: PullEnds,
): Promise<PullMeasure | undefined> {
  const measure = await measurePull(hub, pull, ends);
  await pointAt(hub.gitDirectory(pull.repositoryId), `refs/pull/${pull.number}/head`, ends.headSha);
  return measure;
}

/** Takes back what measuring set. */
export async function removePullRefs(
  hub: Hub,
  { repositoryId, number }: Pick<Pull, "repositoryId" | "number">,
): Promise<void> {
  const gitDir = hub.gitDirectory(repositoryId);
  for (const name of ["head", "merge"]) await pointAt(gitDir, `refs/pull/${number}/${name}`, NO_OBJECT);
}

/** Makes a commit of one repository readable in another one of the same forge. */
export async function fetchObjects(intoDir: string, fromDir: string, oid: string): Promise<void> {
  await runGit(intoDir, ["fetch", "--quiet", "--no-tags", "--no-write-fetch-head", fromDir, oid]);
}

/** Whether the change that a pull request asks for is, file by file, the one it asked for before. */
export async function showsSameChange(hub: Hub, pull: Pull, measure: PullMeasure): Promise<boolean> {
  const gitDir = hub.gitDirectory(pull.repositoryId);
  const [before, after] = await Promise.all([
    changeOf(gitDir, { headSha: pull.head.sha, baseSha: pull.base.sha }),
    changeOf(gitDir, measure),
  ]);
  return before !== undefined && before === after;
}

async function changeOf(gitDir: string, ends: PullEnds): Promise<string | undefined> {
  const mergeBase = await findMergeBase(gitDir, ends.baseSha, ends.headSha);
  if (mergeBase === undefined) return undefined;
  const files = await listChangedFiles(gitDir, mergeBase, ends.headSha);
  // Without a patch (a binary file, a very large change) only the resulting content can be compared.
  return JSON.stringify(files.map((file) => [file.path, file.status, file.patch ?? file.oid]));
}

async function writeTestMerge(hub: Hub, gitDir: string, ends: PullEnds): Promise<string | null> {
  const who = webFlowIdentity(hub);
  const message = `Merge ${ends.headSha} into ${ends.baseSha}`;
  const request = { base: ends.baseSha, head: ends.headSha, message, author: who, committer: who };
  const merge = await writeMerge(gitDir, request);
  return merge.kind === "merged" ? merge.oid : null;
}

/**
 * The references of pull requests are the forge's own: no push may touch them, and their moves are no events. A fork and
 * its parent may move them at the same time, so whatever they hold is replaced.
 */
async function pointAt(gitDir: string, ref: string, oid: string): Promise<void> {
  const args = oid === NO_OBJECT ? ["-d", ref] : [ref, oid];
  await runGit(gitDir, ["update-ref", "--no-deref", ...args]);
}

function sum(files: readonly ChangedFile[], count: (file: ChangedFile) => number): number {
  return files.reduce((total, file) => total + count(file), 0);
}
