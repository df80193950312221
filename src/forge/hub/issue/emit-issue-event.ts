import type { Issue } from "../entity/issue.ts";
import type { Actor, IssueEvent, PullEvent } from "../hub-event.ts";
import type { Hub } from "../hub.ts";

/** Actions that GitHub reports as `issues` for an issue and as `pull_request` for a pull request. */
type SharedAction = IssueEvent["action"] & PullEvent["action"];

export interface ConversationChange {
  issue: Issue;
  actor: Actor;
  action: SharedAction;
  detail?: Pick<IssueEvent, "label" | "assigneeId" | "changes">;
}

/** Reports a change of an issue, or of the issue inside a pull request, under the name that GitHub gives it. */
export function emitIssueEvent(hub: Hub, { issue, actor, action, detail }: ConversationChange): void {
  const shared = { action, actor, repositoryId: issue.repositoryId, ...detail };
  if (issue.pullId === null) hub.emit({ name: "issues", issueId: issue.id, ...shared });
  else hub.emit({ name: "pull_request", pullId: issue.pullId, ...shared });
}
