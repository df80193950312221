import type { Pull } from "../../hub/entity/pull.ts";
import type { Repository } from "../../hub/entity/repository.ts";
import type { Hub } from "../../hub/hub.ts";
import { issueOfPull } from "../../hub/pull/find-pull.ts";
import { RestRefusal, unsupported } from "../rest-refusal.ts";

/** The pull requests that GitHub's query parameters select, in the order they ask for. */
export function listPulls(hub: Hub, repository: Repository, query: Record<string, string>): Pull[] {
  const state = query["state"] ?? "open";
  if (!["open", "closed", "all"].includes(state)) throw invalidValue("state", state);
  const found = hub.store.pulls
    .find({ repositoryId: repository.id })
    .filter((pull) => state === "all" || issueOfPull(hub, pull).state === state)
    .filter((pull) => query["base"] === undefined || pull.base.ref === query["base"])
    .filter((pull) => query["head"] === undefined || hasHead(hub, pull, query["head"]));
  return sorted(hub, found, query);
}

/** `owner:branch`. GitHub ignores a filter without an owner; the forge would rather say so. */
function hasHead(hub: Hub, pull: Pull, head: string): boolean {
  const colon = head.indexOf(":");
  if (colon < 0) throw unsupported("filtering pull requests by a head without its owner (owner:branch)");
  if (pull.head.repositoryId === null) return false;
  const headRepository = hub.store.repositories.get(pull.head.repositoryId);
  if (headRepository === undefined) return false;
  const owner = hub.store.accounts.require(headRepository.ownerId);
  const [wantedOwner, wantedRef] = [head.slice(0, colon), head.slice(colon + 1)];
  return owner.login.toLowerCase() === wantedOwner.toLowerCase() && pull.head.ref === wantedRef;
}

function sorted(hub: Hub, pulls: readonly Pull[], query: Record<string, string>): Pull[] {
  const sort = query["sort"] ?? "created";
  // GitHub's default: newest first by creation, oldest first by anything else.
  const direction = query["direction"] ?? (sort === "created" ? "desc" : "asc");
  const key = sortKey(hub, sort);
  const ascending = [...pulls].sort((left, right) => compare(key(left), key(right)) || left.id - right.id);
  return direction === "desc" ? ascending.reverse() : ascending;
}

function sortKey(hub: Hub, sort: string): (pull: Pull) => string | number {
  switch (sort) {
    case "created":
      return (pull) => pull.id;
    case "updated":
      return (pull) => issueOfPull(hub, pull).updatedAt;
    case "popularity":
      return (pull) => hub.store.comments.count({ issueId: pull.issueId });
    default:
      throw sort === "long-running" ? unsupported("sorting by long-running") : invalidValue("sort", sort);
  }
}

function compare(left: string | number, right: string | number): number {
  if (left === right) return 0;
  return left < right ? -1 : 1;
}

function invalidValue(field: string, value: string): RestRefusal {
  return new RestRefusal(422, "Validation Failed", [
    { resource: "PullRequest", field, code: "invalid", value },
  ]);
}
