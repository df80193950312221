import { listChangedFiles } from "../../git/changed-files.ts";
import type { GitIdentity } from "../../git/git-identity.ts";
import { listCommitIds, readCommits, type Commit } from "../../git/read-commits.ts";
import { NO_OBJECT, readObject } from "../../git/read-objects.ts";
import { isAncestor, listRefs } from "../../git/read-refs.ts";
import type { RefUpdate } from "../../git/update-refs.ts";
import type { PushCommit } from "../hub-event.ts";
import { timestamp } from "../timestamp.ts";

export interface PushDescription {
  readonly forced: boolean;
  readonly commits: readonly PushCommit[];
}

/** The most commits that a push event carries; longer pushes show the newest. */
const MOST_COMMITS = 2048;

/** What a push event tells of an update that has been carried out. */
export async function describePush(gitDir: string, update: RefUpdate): Promise<PushDescription> {
  // A tag may name a tree or a blob, which have no history to tell.
  if (update.after === NO_OBJECT || (await readObject(gitDir, `${update.after}^{commit}`)) === undefined) {
    return { forced: false, commits: [] };
  }
  const [forced, fresh] = await Promise.all([isForced(gitDir, update), newCommits(gitDir, update)]);
  const commits = await Promise.all(fresh.map((commit) => describeCommit(gitDir, commit)));
  return { forced, commits };
}

/** Whether an update gives commits up: the old tip is not part of what the new one holds. */
export async function isForced(gitDir: string, update: RefUpdate): Promise<boolean> {
  if (update.before === NO_OBJECT || update.after === NO_OBJECT) return false;
  return !(await isAncestor(gitDir, update.before, update.after));
}

async function newCommits(gitDir: string, update: RefUpdate): Promise<Commit[]> {
  // A new branch brings only what no other branch has.
  const without =
    update.before === NO_OBJECT
      ? (await listRefs(gitDir, "refs/heads/")).filter(({ ref }) => ref !== update.ref).map(({ oid }) => oid)
      : [update.before];
  const oids = await listCommitIds(gitDir, { from: [update.after], without, order: "oldest first" });
  return readCommits(gitDir, oids.slice(-MOST_COMMITS));
}

async function describeCommit(gitDir: string, commit: Commit): Promise<PushCommit> {
  const files = await listChangedFiles(gitDir, commit.parents[0], commit.oid);
  const paths = (...statuses: string[]) =>
    files.filter((file) => statuses.includes(file.status)).map((file) => file.path);
  const previous = files.flatMap(({ previousPath }) => (previousPath === undefined ? [] : [previousPath]));
  return {
    sha: commit.oid,
    treeSha: commit.tree,
    message: commit.message,
    timestamp: timestamp(commit.committer.at),
    author: nameOf(commit.author),
    committer: nameOf(commit.committer),
    // A webhook knows no renames: they are a removal and an addition.
    added: paths("added", "renamed"),
    removed: [...paths("removed"), ...previous],
    modified: paths("modified", "changed"),
  };
}

function nameOf({ name, email }: GitIdentity): { name: string; email: string } {
  return { name, email };
}
