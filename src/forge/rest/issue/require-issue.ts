import type { ForgeRequest } from "../../forge-context.ts";
import type { Issue } from "../../hub/entity/issue.ts";
import type { RepositoryRole } from "../../hub/entity/permission.ts";
import type { Repository } from "../../hub/entity/repository.ts";
import type { Hub } from "../../hub/hub.ts";
import { roleOf, type AccessRequest } from "../../hub/repository-access.ts";
import { roleIncludes } from "../../hub/entity/permission.ts";
import { requireAccess, requireRepository } from "../require-access.ts";
import { notFound, RestRefusal } from "../rest-refusal.ts";

export const readIssues: AccessRequest = { permission: "issues", access: "read" };

/** Anyone who can read may open issues and comment; more is asked for where more is done. */
export const writeIssues: AccessRequest = { permission: "issues", access: "write", role: "read" };

export const triageIssues: AccessRequest = { permission: "issues", access: "write", role: "triage" };

/**
 * The issue that `:number` names, once the caller may do what is asked for. The conversation of a pull request is
 * open to holders of the pull request permission as well.
 */
export function requireIssue(
  c: ForgeRequest,
  hub: Hub,
  request: AccessRequest,
): { repository: Repository; issue: Issue } {
  const repository = requireRepository(c, hub, { permission: "metadata", access: "read" });
  const number = Number(c.req.param("number"));
  const issue = hub.store.issues.findOne({ repositoryId: repository.id, number });
  if (issue === undefined) throw notFound();
  requireAccess(c, hub, { repository, request: conversationRequest(issue, request) });
  return { repository, issue };
}

export function conversationRequest(issue: Issue, request: AccessRequest): AccessRequest {
  return issue.pullId === null ? request : { ...request, alternatives: ["pull_requests"] };
}

/** Authors may change what they wrote; of others' writing, people need a role. Apps go by their permission alone. */
export function requireAuthorOr(
  c: ForgeRequest,
  hub: Hub,
  { repository, authorId, role }: { repository: Repository; authorId: number; role: RepositoryRole },
): void {
  if (isAuthorOr(c, hub, { repository, authorId, role })) return;
  throw new RestRefusal(403, "Must have sufficient rights to Repository.");
}

export function isAuthorOr(
  c: ForgeRequest,
  hub: Hub,
  { repository, authorId, role }: { repository: Repository; authorId: number; role: RepositoryRole },
): boolean {
  const caller = c.get("caller");
  if (caller.kind !== "user") return true;
  if (caller.account.id === authorId) return true;
  const own = roleOf(hub, caller.account.id, repository);
  return own !== null && roleIncludes(own, role);
}
