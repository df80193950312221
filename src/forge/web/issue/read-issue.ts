import type { Issue } from "../../hub/entity/issue.ts";
import type { UserView } from "../pieces/avatar.ts";
import { viewUser } from "../pieces/view-user.ts";
import { mayComment, readTimeline, userOf, viewOpening } from "../timeline/read-timeline.ts";
import type { TimelineItem } from "../timeline/timeline-item.ts";
import { fieldValue, mayDo, type RepositoryVisit } from "../visit/visit.ts";
import type { CommentFormView } from "./comment-form.ts";
import type { IssueView } from "./issue-page.ts";
import type { SidebarView } from "./issue-sidebar.ts";
import { conversationState, labelsOf } from "./view-issue.ts";

export function readIssue(visit: RepositoryVisit, issue: Issue): IssueView {
  const items = [viewOpening(visit, issue), ...readTimeline(visit, issue, null)];
  return {
    fullName: visit.fullName,
    number: issue.number,
    title: issue.title,
    state: conversationState(visit.hub, issue),
    author: userOf(visit, issue.authorId),
    createdAt: issue.createdAt,
    items,
    sidebar: readSidebar(visit, issue, items),
    form: readCommentForm(visit, issue),
    mayRename: mayChange(visit, issue),
    nowMs: visit.nowMs,
  };
}

/** Authors may change their own conversation; others need the role that GitHub asks for triage. */
export function mayChange(visit: RepositoryVisit, issue: Issue): boolean {
  if (visit.actor === null) return false;
  return (
    visit.actor.id === issue.authorId ||
    mayDo(visit, { permission: "issues", access: "write", role: "triage" })
  );
}

export function readSidebar(
  visit: RepositoryVisit,
  issue: Issue,
  items: readonly TimelineItem[],
): SidebarView {
  const mayLabel = mayDo(visit, { permission: "issues", access: "write", role: "triage" });
  const labels = visit.hub.store.labels.find({ repositoryId: visit.repository.id });
  return {
    path: `/${visit.fullName}/issues/${issue.number}`,
    labels: labelsOf(visit.hub, issue),
    choices: mayLabel ? labels.sort((one, other) => one.name.localeCompare(other.name)) : null,
    assignees: issue.assigneeIds.map((id) => userOf(visit, id)),
    participants: participantsOf(items),
    reviewers: null,
  };
}

function participantsOf(items: readonly TimelineItem[]): UserView[] {
  const people = new Map<string, UserView>();
  for (const item of items) {
    if (item.kind === "comment" || item.kind === "review") people.set(item.author.login, item.author);
    else if (item.kind !== "commits") people.set(item.actor.login, item.actor);
  }
  return [...people.values()];
}

export function readCommentForm(visit: RepositoryVisit, issue: Issue): CommentFormView | null {
  if (visit.actor === null || !mayComment(visit, issue)) return null;
  const action = `/${visit.fullName}/issues/${issue.number}/comments`;
  return {
    action,
    actor: viewUser(visit.actor),
    draft: fieldValue(visit, { action, name: "body" }),
    isPull: issue.pullId !== null,
    change: stateChange(visit, issue),
  };
}

function stateChange(visit: RepositoryVisit, issue: Issue): "close" | "reopen" | null {
  const state = conversationState(visit.hub, issue);
  if (state === "merged" || !mayChange(visit, issue)) return null;
  return issue.state === "open" ? "close" : "reopen";
}
