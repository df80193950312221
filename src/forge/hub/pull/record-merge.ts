import type { Actor } from "../hub-event.ts";
import type { Hub } from "../hub.ts";
import { closeIssue } from "../issue/close-issue.ts";
import { closeReferencedIssues } from "../issue/closing-keywords.ts";
import { recordTimelineEvent } from "../issue/record-timeline-event.ts";

export interface RecordedMerge {
  pullId: number;
  /** The commit by which the base branch took the pull request in. */
  commitSha: string;
  actor: Actor;
}

/** Marks a pull request as merged and closed, with the issues that its description closes. */
export function recordMerge(hub: Hub, { pullId, commitSha, actor }: RecordedMerge): void {
  hub.change(() => {
    const pull = hub.store.pulls.update(pullId, {
      merged: true,
      mergedAt: hub.now(),
      mergedById: actor.accountId,
      mergeCommitSha: commitSha,
      mergeable: null,
      mergeableState: "unknown",
    });
    const issue = hub.store.issues.require(pull.issueId);
    recordTimelineEvent(hub, { issue, actor, detail: { event: "merged", commitId: commitSha } });
    closeIssue(hub, { issue, actor, commitId: commitSha });
    const repository = hub.store.repositories.require(pull.repositoryId);
    // Only what reaches the default branch is done.
    if (pull.base.ref !== repository.defaultBranch) return;
    closeReferencedIssues(hub, { repository, text: issue.body, commitId: commitSha, actor });
  });
}
