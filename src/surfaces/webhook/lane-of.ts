import type { Intent } from "../../app/intent.ts";
import { assertNever } from "../../base/assert-never.ts";

/**
 * What must be worked on one after the other: all that concerns one issue, and so its task. Events of a pull request
 * or a commit go by the issue that their branch is named for. null: in no order.
 */
export function laneOf(intent: Intent): string | null {
  switch (intent.kind) {
    case "ignored":
      return null;
    case "label-added":
    case "label-removed":
    case "issue-edited":
    case "issue-closed":
    case "issue-reopened":
    case "comment-created":
    case "comment-changed":
      return `${intent.repository.id}#${intent.issue.number}`;
    case "review-submitted":
    case "review-dismissed":
    case "pull-updated":
    case "pull-closed":
      return laneOfBranch(intent.repository.id, intent.pull.headRef);
    case "branch-pushed":
    case "branch-deleted":
    case "check-rerequested":
      return laneOfBranch(intent.repository.id, intent.branch ?? "");
    case "checks-changed":
      return laneOfBranch(intent.repository.id, intent.branches[0] ?? "");
    case "workflow-run-completed":
      return `${intent.repository.id}/run/${intent.runId}`;
    case "queue-entered":
    case "queue-left":
      return `${intent.repository.id}/pull/${intent.pullNumber}`;
    case "policy-changed":
    case "default-branch-renamed":
    case "repository-renamed":
    case "repository-gone":
      return `${intent.repository.id}`;
    case "installation-removed":
    case "installation-restored":
    case "repositories-removed":
      return `installation/${intent.tenant}`;
    default:
      return assertNever(intent);
  }
}

function laneOfBranch(repositoryId: number, branch: string): string {
  const issue = /^baton\/(\d+)-/.exec(branch)?.[1];
  return issue === undefined ? `${repositoryId}/${branch}` : `${repositoryId}#${issue}`;
}
