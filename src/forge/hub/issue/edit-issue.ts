import type { Issue } from "../entity/issue.ts";
import type { Actor, Changes } from "../hub-event.ts";
import type { Hub } from "../hub.ts";
import { recordCrossReferences } from "./cross-reference.ts";
import { emitIssueEvent } from "./emit-issue-event.ts";
import { recordTimelineEvent } from "./record-timeline-event.ts";

export interface IssueEdit {
  issue: Issue;
  actor: Actor;
  title?: string;
  body?: string | null;
}

/** Changes title and body of an issue or a pull request; what stays the same is not reported. */
export function editIssue(hub: Hub, { issue, actor, title, body }: IssueEdit): Issue {
  const changes: Changes = {};
  if (title !== undefined && title !== issue.title) changes["title"] = { from: issue.title };
  if (body !== undefined && body !== issue.body) changes["body"] = { from: issue.body ?? "" };
  if (Object.keys(changes).length === 0) return issue;
  return hub.change(() => {
    const edited = hub.store.issues.update(issue.id, {
      title: title ?? issue.title,
      body: body === undefined ? issue.body : body,
      updatedAt: hub.now(),
    });
    if (changes["title"] !== undefined) {
      const detail = { event: "renamed", from: issue.title, to: edited.title } as const;
      recordTimelineEvent(hub, { issue, actor, detail });
    }
    emitIssueEvent(hub, { issue: edited, actor, action: "edited", detail: { changes } });
    recordCrossReferences(hub, { source: edited, text: edited.body, actor });
    return edited;
  });
}
