import { listChangedFiles, type ChangedFile } from "../../git/changed-files.ts";
import { findMergeBase } from "../../git/compare-commits.ts";
import { listCommits, type Commit } from "../../git/read-commits.ts";
import { readRef } from "../../git/read-refs.ts";
import type { Pull } from "../../hub/entity/pull.ts";
import type { Issue } from "../../hub/entity/issue.ts";
import { fullName } from "../../hub/find-repository.ts";
import { readCheckRollup } from "../check/read-checks.ts";
import { viewCommit, type CommitRow } from "../code/commit-list.ts";
import { treeHref } from "../code/tree-view.ts";
import { mayChange } from "../issue/read-issue.ts";
import { conversationState } from "../issue/view-issue.ts";
import { readTimeline, userOf, viewOpening } from "../timeline/read-timeline.ts";
import type { TimelineItem } from "../timeline/timeline-item.ts";
import type { RepositoryVisit } from "../visit/visit.ts";
import type { PullHead } from "./pull-view.ts";

/** A pull request with its conversation's issue, as every tab needs it. */
export interface FoundPull {
  pull: Pull;
  issue: Issue;
}

export async function readPullHead(visit: RepositoryVisit, { pull, issue }: FoundPull): Promise<PullHead> {
  const { store } = visit.hub;
  const head = await readHeadBranch(visit, pull);
  const items = store.comments.count({ issueId: issue.id }) + store.reviews.count({ pullId: pull.id });
  return {
    fullName: visit.fullName,
    number: pull.number,
    title: issue.title,
    state: conversationState(visit.hub, issue),
    author: userOf(visit, issue.authorId),
    createdAt: issue.createdAt,
    base: pull.base.ref,
    ...head,
    mergedBy: pull.mergedById === null ? null : userOf(visit, pull.mergedById),
    mayRename: mayChange(visit, issue),
    counts: {
      items,
      commits: pull.commits,
      checks: readCheckRollup(visit, pull.head.sha),
      files: pull.changedFiles,
    },
    additions: pull.additions,
    deletions: pull.deletions,
    nowMs: visit.nowMs,
  };
}

/** The head branch's name for readers, and its address while it exists. */
async function readHeadBranch(
  visit: RepositoryVisit,
  { head, repositoryId }: Pull,
): Promise<{ head: string; headHref: string | null }> {
  const repository =
    head.repositoryId === null ? undefined : visit.hub.store.repositories.get(head.repositoryId);
  if (!repository) return { head: `${head.ref} of a deleted fork`, headHref: null };
  const name = fullName(visit.hub, repository);
  const shown = repository.id === repositoryId ? head.ref : `${name.split("/", 1)[0]}:${head.ref}`;
  const exists = await readRef(visit.hub.gitDirectory(repository.id), `refs/heads/${head.ref}`);
  return { head: shown, headHref: exists === undefined ? null : treeHref(name, head.ref, "") };
}

/** The commits that a pull request adds, oldest first. */
async function readPullCommits(visit: RepositoryVisit, pull: Pull): Promise<Commit[]> {
  const base = await findBase(visit, pull);
  return listCommits(visit.gitDir, { from: [pull.head.sha], without: [base], order: "oldest first" });
}

export async function readPullFiles(visit: RepositoryVisit, pull: Pull): Promise<ChangedFile[]> {
  return listChangedFiles(visit.gitDir, await findBase(visit, pull), pull.head.sha);
}

/** Where the head left the base: for merged pull requests, as it was when they were merged. */
export async function findBase(visit: RepositoryVisit, pull: Pull): Promise<string> {
  return (await findMergeBase(visit.gitDir, pull.base.sha, pull.head.sha)) ?? pull.base.sha;
}

export async function readPullCommitRows(visit: RepositoryVisit, pull: Pull): Promise<CommitRow[]> {
  const commits = await readPullCommits(visit, pull);
  return commits.map((commit) => viewCommit(commit, readCheckRollup(visit, commit.oid)));
}

/** The conversation with the commits where they were made, though never before the text that opened it. */
export async function readPullTimeline(
  visit: RepositoryVisit,
  { pull, issue }: FoundPull,
): Promise<TimelineItem[]> {
  const rows = await readPullCommitRows(visit, pull);
  const items = readTimeline(visit, issue, pull);
  const pushed = rows.map((row): TimelineItem => {
    const at = Date.parse(row.at) < Date.parse(issue.createdAt) ? issue.createdAt : row.at;
    const { sha, title, author, checks } = row;
    return { kind: "commits", key: `commit-${sha}`, at, commits: [{ sha, title, author, checks }] };
  });
  const all = [...pushed, ...items].sort((one, other) => Date.parse(one.at) - Date.parse(other.at));
  return [viewOpening(visit, issue), ...joinCommits(all)];
}

/** Commits with nothing between them are one entry, as they mostly came by one push. */
function joinCommits(items: readonly TimelineItem[]): TimelineItem[] {
  const joined: TimelineItem[] = [];
  for (const item of items) {
    const previous = joined.at(-1);
    const [commit] = item.kind === "commits" ? item.commits : [];
    if (
      item.kind === "commits" &&
      previous?.kind === "commits" &&
      previous.commits[0]?.author === commit?.author
    ) {
      joined[joined.length - 1] = { ...previous, commits: [...previous.commits, ...item.commits] };
    } else {
      joined.push(item);
    }
  }
  return joined;
}
