import type { Issue } from "../../hub/entity/issue.ts";
import type { Pull } from "../../hub/entity/pull.ts";
import type { RepositoryVisit } from "../visit/visit.ts";

export interface Conversation {
  issue: Issue;
  pull: Pull | null;
}

/** The issue or pull request that `:number` in the address names. */
export function findConversation(visit: RepositoryVisit): Conversation | null {
  const number = Number(visit.request.req.param("number"));
  if (!Number.isSafeInteger(number)) return null;
  const { store } = visit.hub;
  const issue = store.issues.findOne({ repositoryId: visit.repository.id, number });
  if (!issue) return null;
  return { issue, pull: issue.pullId === null ? null : store.pulls.require(issue.pullId) };
}

/** Page of a conversation, as GitHub addresses it. */
export function conversationPath(visit: RepositoryVisit, issue: Issue): string {
  return `/${visit.fullName}/${issue.pullId === null ? "issues" : "pull"}/${issue.number}`;
}
