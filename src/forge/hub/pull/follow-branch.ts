import { NO_OBJECT } from "../../git/read-objects.ts";
import type { RefUpdate } from "../../git/update-refs.ts";
import type { Pull } from "../entity/pull.ts";
import type { Actor } from "../hub-event.ts";
import type { Hub } from "../hub.ts";
import { closeIssue } from "../issue/close-issue.ts";
import { recordTimelineEvent } from "../issue/record-timeline-event.ts";
import type { ForeseenPull } from "../push/foresee-move.ts";
import { dismissStaleReviews } from "./dismiss-review.ts";
import { issueOfPull } from "./find-pull.ts";
import type { PullMeasure } from "./measure-pull.ts";
import { recordMerge } from "./record-merge.ts";

/** An open pull request and the movement of one of its branches. */
export interface BranchChange {
  readonly pull: Pull;
  readonly actor: Actor;
  readonly update: RefUpdate;
  readonly forced: boolean;
  /** Absent when the branch was deleted. */
  readonly foreseen: ForeseenPull | undefined;
}

/** The branch that the pull request offers has moved or gone. */
export function followHead(hub: Hub, { pull, actor, update, forced, foreseen }: BranchChange): void {
  const issue = issueOfPull(hub, pull);
  if (update.after === NO_OBJECT) {
    recordTimelineEvent(hub, { issue, actor, detail: { event: "head_ref_deleted" } });
    closeIssue(hub, { issue, actor });
    return;
  }
  const { before, after } = update;
  hub.store.pulls.update(pull.id, { head: { ...pull.head, sha: after }, ...measured(foreseen?.measure) });
  hub.store.issues.update(issue.id, { updatedAt: hub.now() });
  if (forced) {
    recordTimelineEvent(hub, { issue, actor, detail: { event: "head_ref_force_pushed", commitId: after } });
  }
  hub.emit({
    name: "pull_request",
    action: "synchronize",
    repositoryId: pull.repositoryId,
    actor,
    pullId: pull.id,
    before,
    after,
  });
  if (foreseen?.sameChange !== true) dismissStaleReviews(hub, { pull, actor });
  // A head that was set back to what the base has leaves nothing to merge.
  if (foreseen?.contained === true) closeIssue(hub, { issue, actor });
}

/** The branch that the pull request is for has moved or gone. */
export function followBase(hub: Hub, { pull, actor, update, foreseen }: BranchChange): void {
  if (update.after === NO_OBJECT) {
    closeIssue(hub, { issue: issueOfPull(hub, pull), actor });
    return;
  }
  // The commits arrived by another way: a push of the merge made elsewhere, or a merge of a branch that holds them.
  // The base stays where it was, for what the pull request changed is told from there.
  if (foreseen?.contained === true) {
    recordMerge(hub, { pullId: pull.id, commitSha: update.after, actor });
    return;
  }
  const base = { ...pull.base, sha: update.after };
  hub.store.pulls.update(pull.id, { base, ...measured(foreseen?.measure) });
}

/** GitHub forgets whether a pull request can be merged as soon as either end moves, and finds out when asked. */
function measured(measure: PullMeasure | undefined): Partial<Pull> {
  const unknown = { mergeable: null, mergeableState: "unknown" } as const;
  if (measure === undefined) return { ...unknown, mergeCommitSha: null };
  const { commits, additions, deletions, changedFiles, mergeCommitSha } = measure;
  return { ...unknown, commits, additions, deletions, changedFiles, mergeCommitSha };
}
