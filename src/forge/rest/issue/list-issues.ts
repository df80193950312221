import type { Issue } from "../../hub/entity/issue.ts";
import type { Repository } from "../../hub/entity/repository.ts";
import { findAccount } from "../../hub/find-repository.ts";
import type { Hub } from "../../hub/hub.ts";
import { findLabel } from "../../hub/repository/label.ts";
import { invalidRequest, unsupported } from "../rest-refusal.ts";

type Query = Record<string, string | undefined>;

/** Issues and pull requests of a repository, filtered and sorted as the query asks. */
export function listIssues(hub: Hub, repository: Repository, query: Query): Issue[] {
  for (const name of ["milestone", "mentioned", "type"]) {
    if (query[name] !== undefined) throw unsupported(`the filter '${name}' on issues`);
  }
  const state = query["state"] ?? "open";
  if (!["open", "closed", "all"].includes(state)) {
    throw invalidRequest(`${state} is not a possible value for 'state'. Must be one of: open, closed, all.`);
  }
  const predicates = [
    labelFilter(hub, repository, query["labels"]),
    assigneeFilter(hub, query["assignee"]),
    creatorFilter(hub, query["creator"]),
    sinceFilter(query["since"]),
  ];
  const filter = (issue: Issue): boolean => predicates.every((accepts) => accepts(issue));
  const where = { repositoryId: repository.id, ...(state !== "all" && { state: state as Issue["state"] }) };
  return sort(hub, hub.store.issues.find(where, { filter }), query);
}

type Predicate = (issue: Issue) => boolean;

const everything: Predicate = () => true;

function labelFilter(hub: Hub, repository: Repository, labels: string | undefined): Predicate {
  if (labels === undefined || labels === "") return everything;
  const ids = labels.split(",").map((name) => findLabel(hub, repository, name.trim())?.id);
  return (issue) => ids.every((id) => id !== undefined && issue.labelIds.includes(id));
}

function assigneeFilter(hub: Hub, assignee: string | undefined): Predicate {
  if (assignee === undefined) return everything;
  if (assignee === "*") return (issue) => issue.assigneeIds.length > 0;
  if (assignee === "none") return (issue) => issue.assigneeIds.length === 0;
  const id = findAccount(hub, assignee)?.id;
  return (issue) => id !== undefined && issue.assigneeIds.includes(id);
}

function creatorFilter(hub: Hub, creator: string | undefined): Predicate {
  if (creator === undefined) return everything;
  const id = findAccount(hub, creator)?.id;
  return (issue) => issue.authorId === id;
}

function sinceFilter(since: string | undefined): Predicate {
  if (since === undefined) return everything;
  const time = Date.parse(since);
  return (issue) => Date.parse(issue.updatedAt) >= time;
}

function sort(hub: Hub, issues: Issue[], query: Query): Issue[] {
  const key = (issue: Issue): number => {
    if (query["sort"] === "updated") return Date.parse(issue.updatedAt);
    if (query["sort"] === "comments") return hub.store.comments.count({ issueId: issue.id });
    return issue.number;
  };
  const direction = query["direction"] === "asc" ? 1 : -1;
  return issues.sort((a, b) => direction * (key(a) - key(b) || a.number - b.number));
}
