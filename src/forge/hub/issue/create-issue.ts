import type { Issue } from "../entity/issue.ts";
import type { Repository } from "../entity/repository.ts";
import type { Actor } from "../hub-event.ts";
import type { Hub } from "../hub.ts";
import { assignIssue } from "./assign-issue.ts";
import { emitIssueEvent } from "./emit-issue-event.ts";
import { addIssueLabels } from "./label-issue.ts";
import { recordCrossReferences } from "./cross-reference.ts";

export interface NewIssue {
  repository: Repository;
  actor: Actor;
  title: string;
  body?: string | null;
  labels?: readonly string[];
  assigneeIds?: readonly number[];
}

export function createIssue(hub: Hub, request: NewIssue): Issue {
  const { repository, actor } = request;
  return hub.change(() => {
    const issue = insertConversation(hub, request);
    emitIssueEvent(hub, { issue, actor, action: "opened" });
    recordCrossReferences(hub, { source: issue, text: issue.body, actor });
    addIssueLabels(hub, { issue, repository, actor, names: request.labels ?? [] });
    assignIssue(hub, { issue, actor, assigneeIds: request.assigneeIds ?? [] });
    return hub.store.issues.require(issue.id);
  });
}

/**
 * The issue itself with the next number, and no event: pull requests start with one too, and report themselves
 * once their other half exists.
 */
export function insertConversation(
  hub: Hub,
  { repository, actor, title, body }: Pick<NewIssue, "repository" | "actor" | "title" | "body">,
): Issue {
  return hub.change(() => {
    const number = hub.store.repositories.require(repository.id).lastNumber + 1;
    hub.store.repositories.update(repository.id, { lastNumber: number });
    const now = hub.now();
    return hub.store.issues.insert({
      repositoryId: repository.id,
      number,
      pullId: null,
      title,
      body: body ?? null,
      state: "open",
      stateReason: null,
      authorId: actor.accountId,
      appId: actor.appId,
      labelIds: [],
      assigneeIds: [],
      locked: false,
      createdAt: now,
      updatedAt: now,
      closedAt: null,
      closedById: null,
    });
  });
}
