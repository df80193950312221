import type { Issue, IssueStateReason } from "../entity/issue.ts";
import type { Actor } from "../hub-event.ts";
import type { Hub } from "../hub.ts";
import { emitIssueEvent } from "./emit-issue-event.ts";
import { recordTimelineEvent } from "./record-timeline-event.ts";

export interface IssueClosing {
  issue: Issue;
  actor: Actor;
  reason?: Exclude<IssueStateReason, "reopened">;
  /** The commit whose message or merge closed it. */
  commitId?: string;
}

/** Closes an issue or a pull request. Closing a closed one only changes a reason that differs. */
export function closeIssue(hub: Hub, { issue, actor, reason, commitId }: IssueClosing): Issue {
  // Pull requests have no reason: merged or not says it all.
  const stateReason = issue.pullId === null ? (reason ?? "completed") : null;
  if (issue.state === "closed" && (reason === undefined || issue.stateReason === reason)) return issue;
  return hub.change(() => {
    const now = hub.now();
    const closed = hub.store.issues.update(issue.id, {
      state: "closed",
      stateReason,
      closedAt: now,
      closedById: actor.accountId,
      updatedAt: now,
    });
    const detail = { event: "closed", stateReason, commitId: commitId ?? null } as const;
    recordTimelineEvent(hub, { issue, actor, detail });
    emitIssueEvent(hub, { issue: closed, actor, action: "closed" });
    return closed;
  });
}

export function reopenIssue(hub: Hub, { issue, actor }: { issue: Issue; actor: Actor }): Issue {
  if (issue.state === "open") return issue;
  return hub.change(() => {
    const reopened = hub.store.issues.update(issue.id, {
      state: "open",
      stateReason: issue.pullId === null ? "reopened" : null,
      closedAt: null,
      closedById: null,
      updatedAt: hub.now(),
    });
    recordTimelineEvent(hub, { issue, actor, detail: { event: "reopened" } });
    emitIssueEvent(hub, { issue: reopened, actor, action: "reopened" });
    return reopened;
  });
}
