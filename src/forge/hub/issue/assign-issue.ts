import type { Issue } from "../entity/issue.ts";
import type { Actor } from "../hub-event.ts";
import type { Hub } from "../hub.ts";
import { emitIssueEvent } from "./emit-issue-event.ts";
import { recordTimelineEvent } from "./record-timeline-event.ts";

export interface Assignment {
  issue: Issue;
  actor: Actor;
  assigneeIds: readonly number[];
}

/** GitHub's limit for one issue. */
const mostAssignees = 10;

export function assignIssue(hub: Hub, { issue, actor, assigneeIds }: Assignment): Issue {
  return hub.change(() => {
    let current = hub.store.issues.require(issue.id);
    for (const assigneeId of assigneeIds) {
      if (current.assigneeIds.includes(assigneeId) || current.assigneeIds.length >= mostAssignees) continue;
      current = hub.store.issues.update(issue.id, {
        assigneeIds: [...current.assigneeIds, assigneeId],
        updatedAt: hub.now(),
      });
      recordTimelineEvent(hub, { issue, actor, detail: { event: "assigned", assigneeId } });
      emitIssueEvent(hub, { issue: current, actor, action: "assigned", detail: { assigneeId } });
    }
    return current;
  });
}

export function unassignIssue(hub: Hub, { issue, actor, assigneeIds }: Assignment): Issue {
  return hub.change(() => {
    let current = hub.store.issues.require(issue.id);
    for (const assigneeId of assigneeIds) {
      if (!current.assigneeIds.includes(assigneeId)) continue;
      current = hub.store.issues.update(issue.id, {
        assigneeIds: current.assigneeIds.filter((id) => id !== assigneeId),
        updatedAt: hub.now(),
      });
      recordTimelineEvent(hub, { issue, actor, detail: { event: "unassigned", assigneeId } });
      emitIssueEvent(hub, { issue: current, actor, action: "unassigned", detail: { assigneeId } });
    }
    return current;
  });
}

/** Makes the assignees exactly these. */
export function setAssignees(hub: Hub, { issue, actor, assigneeIds }: Assignment): Issue {
  return hub.change(() => {
    const surplus = issue.assigneeIds.filter((id) => !assigneeIds.includes(id));
    unassignIssue(hub, { issue, actor, assigneeIds: surplus });
    return assignIssue(hub, { issue, actor, assigneeIds });
  });
}
