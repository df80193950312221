import { compareCommits } from "../../git/compare-commits.ts";
import { readRef } from "../../git/read-refs.ts";
import { isRefName } from "../../git/ref-name.ts";
import type { Pull, PullEnd } from "../entity/pull.ts";
import type { Repository } from "../entity/repository.ts";
import type { Actor } from "../hub-event.ts";
import type { Hub } from "../hub.ts";
import { recordCrossReferences } from "../issue/cross-reference.ts";
import { insertConversation } from "../issue/create-issue.ts";
import { withRepositoryLocks } from "../push/repository-lock.ts";
import { findOpenPulls } from "./find-pull.ts";
import { fetchObjects, measureNewHead, removePullRefs, type PullMeasure } from "./measure-pull.ts";

export interface NewPull {
  repository: Repository;
  actor: Actor;
  title: string;
  body: string | null;
  /** Branch of `repository`. */
  base: string;
  /** Branch of `headRepository`, which is `repository` or a fork of it. */
  head: string;
  headRepository: Repository;
  draft: boolean;
  maintainerCanModify: boolean;
}

export type OpenOutcome =
  | { readonly kind: "opened"; readonly pull: Pull }
  | { readonly kind: "no branch"; readonly end: "base" | "head" }
  | { readonly kind: "exists already" }
  | { readonly kind: "no commits" }
  | { readonly kind: "no common history" };

/** Opens a pull request, unless there is nothing that it could be about. */
export function openPull(hub: Hub, request: NewPull): Promise<OpenOutcome> {
  const { repository, headRepository } = request;
  return withRepositoryLocks(hub, [repository.id, headRepository.id], async () => {
    const baseSha = await readBranch(hub, repository, request.base);
    if (baseSha === undefined) return { kind: "no branch", end: "base" };
    const headSha = await readBranch(hub, headRepository, request.head);
    if (headSha === undefined) return { kind: "no branch", end: "head" };
    const gitDir = hub.gitDirectory(repository.id);
    if (headRepository.id !== repository.id) {
      await fetchObjects(gitDir, hub.gitDirectory(headRepository.id), headSha);
    }
    const comparison = await compareCommits(gitDir, baseSha, headSha);
    if (comparison === undefined) return { kind: "no common history" };
    if (comparison.aheadBy === 0) return { kind: "no commits" };
    const ends = {
      base: { repositoryId: repository.id, ref: request.base, sha: baseSha },
      head: { repositoryId: headRepository.id, ref: request.head, sha: headSha },
    };
    if (findOpenPulls(hub, (pull) => sameEnds(pull, ends)).length > 0) return { kind: "exists already" };
    return { kind: "opened", pull: await insertMeasured(hub, request, ends) };
  });
}

interface Ends {
  readonly base: PullEnd;
  readonly head: PullEnd;
}

/**
 * The references of a pull request carry its number and must be there when its opening is told, so they are set for the
 * number that is next, and set again when an issue took that number meanwhile.
 */
async function insertMeasured(hub: Hub, request: NewPull, ends: Ends): Promise<Pull> {
  const repositoryId = request.repository.id;
  for (;;) {
    const number = nextNumber(hub, repositoryId);
    const place = { repositoryId, number, head: ends.head };
    const measure = await measureNewHead(hub, place, { headSha: ends.head.sha, baseSha: ends.base.sha });
    const pull = hub.change(() =>
      nextNumber(hub, repositoryId) === number ? insertPull(hub, request, { ends, measure }) : undefined,
    );
    if (pull !== undefined) return pull;
    await removePullRefs(hub, place);
  }
}

function nextNumber(hub: Hub, repositoryId: number): number {
  return hub.store.repositories.require(repositoryId).lastNumber + 1;
}

function insertPull(
  hub: Hub,
  request: NewPull,
  { ends, measure }: { ends: Ends; measure: PullMeasure | undefined },
): Pull {
  const { repository, actor, draft, maintainerCanModify } = request;
  const issue = insertConversation(hub, request);
  const pull = hub.store.pulls.insert({
    repositoryId: repository.id,
    issueId: issue.id,
    number: issue.number,
    ...ends,
    draft,
    merged: false,
    mergedAt: null,
    mergedById: null,
    mergeCommitSha: measure?.mergeCommitSha ?? null,
    mergeable: null,
    mergeableState: "unknown",
    requestedReviewerIds: [],
    maintainerCanModify,
    commits: measure?.commits ?? 0,
    additions: measure?.additions ?? 0,
    deletions: measure?.deletions ?? 0,
    changedFiles: measure?.changedFiles ?? 0,
  });
  const conversation = hub.store.issues.update(issue.id, { pullId: pull.id });
  hub.emit({
    name: "pull_request",
    action: "opened",
    repositoryId: repository.id,
    actor,
    pullId: pull.id,
  });
  recordCrossReferences(hub, { source: conversation, text: conversation.body, actor });
  return pull;
}

export async function readBranch(
  hub: Hub,
  repository: Repository,
  branch: string,
): Promise<string | undefined> {
  const ref = `refs/heads/${branch}`;
  return isRefName(ref) ? readRef(hub.gitDirectory(repository.id), ref) : undefined;
}

function sameEnds(pull: Pull, { base, head }: Ends): boolean {
  const same = (left: PullEnd, right: PullEnd) =>
    left.repositoryId === right.repositoryId && left.ref === right.ref;
  return same(pull.base, base) && same(pull.head, head);
}
