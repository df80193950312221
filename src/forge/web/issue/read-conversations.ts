import type { Issue } from "../../hub/entity/issue.ts";
import { readCheckRollup } from "../check/read-checks.ts";
import type { CheckLook } from "../pieces/check-state.ts";
import { userOf } from "../timeline/read-timeline.ts";
import type { RepositoryVisit } from "../visit/visit.ts";
import type { ConversationList, ConversationRow } from "./conversation-list.ts";
import { conversationState, labelsOf } from "./view-issue.ts";

/** Older ones are found by their label or number. */
const maxShownRows = 200;

/** The issues or the pull requests of a repository, newest first, as the address filters them. */
export function readConversations(visit: RepositoryVisit, kind: "issues" | "pulls"): ConversationList {
  const { hub, repository, request } = visit;
  const isPulls = kind === "pulls";
  const shown = request.req.query("state") === "closed" ? "closed" : "open";
  const labels = hub.store.labels.find({ repositoryId: repository.id });
  const label = labels.find(({ name }) => name === request.req.query("label"));
  const issues = hub.store.issues.find(
    { repositoryId: repository.id },
    {
      newestFirst: true,
      filter: (issue) => (issue.pullId !== null) === isPulls && (!label || issue.labelIds.includes(label.id)),
    },
  );
  const matching = issues.filter(({ state }) => state === shown);
  return {
    fullName: visit.fullName,
    isPulls,
    rows: matching.slice(0, maxShownRows).map((issue) => viewRow(visit, issue)),
    hidden: Math.max(0, matching.length - maxShownRows),
    shown,
    openCount: issues.filter(({ state }) => state === "open").length,
    closedCount: issues.filter(({ state }) => state === "closed").length,
    labels: labels.sort((one, other) => one.name.localeCompare(other.name)),
    label: label?.name ?? null,
    nowMs: visit.nowMs,
  };
}

function viewRow(visit: RepositoryVisit, issue: Issue): ConversationRow {
  return {
    number: issue.number,
    title: issue.title,
    state: conversationState(visit.hub, issue),
    author: userOf(visit, issue.authorId),
    createdAt: issue.createdAt,
    labels: labelsOf(visit.hub, issue),
    comments: visit.hub.store.comments.count({ issueId: issue.id }),
    checks: checksOf(visit, issue),
  };
}

function checksOf(visit: RepositoryVisit, issue: Issue): CheckLook | null {
  if (issue.pullId === null) return null;
  const { head } = visit.hub.store.pulls.require(issue.pullId);
  return readCheckRollup(visit, head.sha);
}
