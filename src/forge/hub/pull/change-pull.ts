import type { Pull } from "../entity/pull.ts";
import type { Actor } from "../hub-event.ts";
import type { Hub } from "../hub.ts";
import { reopenIssue } from "../issue/close-issue.ts";
import { isAncestor } from "../../git/read-refs.ts";
import { withRepositoryLocks } from "../push/repository-lock.ts";
import { issueOfPull } from "./find-pull.ts";
import { measureNewHead, measurePull, type PullMeasure } from "./measure-pull.ts";
import { readBranch } from "./open-pull.ts";

/** Points a pull request at another base branch. @returns `undefined` when there is no such branch. */
export function changeBase(
  hub: Hub,
  { pull, actor, base }: { pull: Pull; actor: Actor; base: string },
): Promise<Pull | undefined> {
  return withRepositoryLocks(hub, lockedBy(pull), async () => {
    const repository = hub.store.repositories.require(pull.repositoryId);
    const sha = await readBranch(hub, repository, base);
    if (sha === undefined) return undefined;
    const current = hub.store.pulls.require(pull.id);
    if (current.base.ref === base) return current;
    const measure = await measurePull(hub, current, { headSha: current.head.sha, baseSha: sha });
    return hub.change(() => {
      const from = current.base;
      const changed = hub.store.pulls.update(pull.id, {
        base: { ...from, ref: base, sha },
        ...noted(measure),
      });
      const changes = { base: { ref: { from: from.ref }, sha: { from: from.sha } } };
      const { repositoryId, id: pullId } = pull;
      // GitHub reports a new base in a shape of its own, without a common `from`.
      const told = changes as unknown as Record<string, { from: unknown }>;
      hub.emit({ name: "pull_request", action: "edited", repositoryId, actor, pullId, changes: told });
      return changed;
    });
  });
}

export type ReopenOutcome =
  { readonly kind: "reopened"; readonly pull: Pull } | { readonly kind: "refused"; readonly message: string };

/** Reopens a closed pull request on what its branches hold now. */
export function reopenPull(hub: Hub, { pull, actor }: { pull: Pull; actor: Actor }): Promise<ReopenOutcome> {
  return withRepositoryLocks(hub, lockedBy(pull), async () => {
    if (pull.merged) return refuse("state cannot be changed. The pull request is already merged.");
    const ends = await readEnds(hub, pull);
    if (typeof ends === "string") return refuse(ends);
    const measure = await measureNewHead(hub, pull, ends);
    return hub.change(() => {
      const reopened = hub.store.pulls.update(pull.id, {
        head: { ...pull.head, sha: ends.headSha },
        base: { ...pull.base, sha: ends.baseSha },
        ...noted(measure),
      });
      reopenIssue(hub, { issue: issueOfPull(hub, reopened), actor });
      return { kind: "reopened", pull: reopened };
    });
  });
}

function refuse(message: string): ReopenOutcome {
  return { kind: "refused", message };
}

async function readEnds(hub: Hub, pull: Pull): Promise<{ headSha: string; baseSha: string } | string> {
  const repository = hub.store.repositories.require(pull.repositoryId);
  const headRepository =
    pull.head.repositoryId === null ? undefined : hub.store.repositories.get(pull.head.repositoryId);
  const headSha =
    headRepository === undefined ? undefined : await readBranch(hub, headRepository, pull.head.ref);
  if (headSha === undefined || headRepository === undefined) {
    return `state cannot be changed. The ${pull.head.ref} branch has been deleted.`;
  }
  const baseSha = await readBranch(hub, repository, pull.base.ref);
  if (baseSha === undefined) return `state cannot be changed. The ${pull.base.ref} branch has been deleted.`;
  if (!(await isAncestor(hub.gitDirectory(headRepository.id), pull.head.sha, headSha))) {
    return `state cannot be changed. The ${pull.head.ref} branch was force-pushed or recreated.`;
  }
  return { headSha, baseSha };
}

function lockedBy(pull: Pull): number[] {
  return pull.head.repositoryId === null ? [pull.repositoryId] : [pull.repositoryId, pull.head.repositoryId];
}

function noted(measure: PullMeasure | undefined): Partial<Pull> {
  const {
    commits = 0,
    additions = 0,
    deletions = 0,
    changedFiles = 0,
    mergeCommitSha = null,
  } = measure ?? {};
  const unknown = { mergeable: null, mergeableState: "unknown" } as const;
  return { ...unknown, commits, additions, deletions, changedFiles, mergeCommitSha };
}
