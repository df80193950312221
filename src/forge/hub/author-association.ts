import type { Repository } from "./entity/repository.ts";
import type { Hub } from "./hub.ts";

export type AuthorAssociation = "COLLABORATOR" | "CONTRIBUTOR" | "MEMBER" | "NONE" | "OWNER";

/** How GitHub badges an author. It says nothing about what the author may do. */
export function authorAssociation(hub: Hub, repository: Repository, accountId: number): AuthorAssociation {
  if (repository.ownerId === accountId) return "OWNER";
  const membership = hub.store.memberships.findOne({ organizationId: repository.ownerId, userId: accountId });
  if (membership !== undefined) return "MEMBER";
  const collaborator = hub.store.collaborators.findOne({ repositoryId: repository.id, userId: accountId });
  if (collaborator !== undefined) return "COLLABORATOR";
  return hasMergedPull(hub, repository, accountId) ? "CONTRIBUTOR" : "NONE";
}

function hasMergedPull(hub: Hub, repository: Repository, accountId: number): boolean {
  return hub.store.pulls
    .find({ repositoryId: repository.id, merged: true })
    .some((pull) => hub.store.issues.require(pull.issueId).authorId === accountId);
}
