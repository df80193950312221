import type { Caller } from "./caller.ts";
import {
  accessIncludes,
  roleIncludes,
  type AccessLevel,
  type PermissionName,
  type PermissionSet,
  type RepositoryRole,
} from "./entity/permission.ts";
import type { Installation, Token } from "./entity/account.ts";
import type { Repository } from "./entity/repository.ts";
import type { Hub } from "./hub.ts";

/** What an action asks for: a permission from tokens that carry permissions, and a role from people. */
export interface AccessRequest {
  permission: PermissionName;
  access: AccessLevel;
  /**
   * Least role for people. By default `read` access asks for the role `read`, `write` for `write` and `admin` for
   * `admin`; name it where GitHub differs (anyone who can read may open an issue, `triage` may label).
   */
  role?: RepositoryRole;
  /** Some endpoints are open to holders of one of several permissions (an issue's and a pull request's labels). */
  alternatives?: readonly PermissionName[];
}

export type AccessAnswer = "granted" | "forbidden" | "invisible";

/** GitHub answers 404 for what a caller may not see and 403 for what it sees but may not do. */
export function checkAccess(
  hub: Hub,
  { caller, repository, request }: { caller: Caller; repository: Repository; request: AccessRequest },
): AccessAnswer {
  // As itself an App manages its installations; repositories it reaches through them.
  if (caller.kind !== "app" && isPublicReading(repository, request)) return "granted";
  if (!isWithinReach(caller, repository)) return repository.private ? "invisible" : "forbidden";
  switch (caller.kind) {
    case "installation":
    case "job":
      return permissionsAllow(caller.permissions, request) ? "granted" : "forbidden";
    case "user": {
      const role = roleOf(hub, caller.account.id, repository);
      if (role === null) return "invisible";
      const carried = caller.token?.permissions ?? null;
      if (carried !== null && !permissionsAllow(carried, request)) return "forbidden";
      return roleIncludes(role, request.role ?? request.access) ? "granted" : "forbidden";
    }
    case "anonymous":
    case "app":
      return "forbidden";
  }
}

/** What everyone may read of a public repository, with whatever token or none. */
const publicPermissions: ReadonlySet<PermissionName> = new Set([
  "actions",
  "checks",
  "contents",
  "issues",
  "metadata",
  "pull_requests",
  "statuses",
]);

/** A role that is asked for on top (to see who collaborates, say) is asked of people who read, too. */
function isPublicReading(repository: Repository, request: AccessRequest): boolean {
  const asksNoRole = request.role === undefined || request.role === "read";
  const reads = request.access === "read" && publicPermissions.has(request.permission);
  return !repository.private && reads && asksNoRole;
}

function permissionsAllow(carried: PermissionSet, request: AccessRequest): boolean {
  if (request.permission === "metadata" && request.access === "read") return true;
  const accepted = [request.permission, ...(request.alternatives ?? [])];
  return accepted.some((permission) => accessIncludes(carried[permission], request.access));
}

/** Whether the credential was given for this repository at all, before what it may do there. */
function isWithinReach(caller: Caller, repository: Repository): boolean {
  switch (caller.kind) {
    case "anonymous":
    case "app":
      return false;
    case "job":
      return caller.repositoryId === repository.id;
    case "installation":
      return isNamed(caller.token, repository) && installationReaches(caller.installation, repository);
    case "user":
      return caller.token === null || isNamed(caller.token, repository);
  }
}

function isNamed({ repositoryIds }: Token, repository: Repository): boolean {
  return repositoryIds === null || repositoryIds.includes(repository.id);
}

export function installationReaches(installation: Installation, repository: Repository): boolean {
  if (installation.accountId !== repository.ownerId || installation.suspendedAt !== null) return false;
  return installation.repositorySelection === "all" || installation.repositoryIds.includes(repository.id);
}

/** The highest role from ownership, collaboration and, for public repositories, everyone's `read`. */
export function roleOf(hub: Hub, accountId: number, repository: Repository): RepositoryRole | null {
  if (repository.ownerId === accountId) return "admin";
  const account = hub.store.accounts.get(accountId);
  if (account?.siteAdmin === true) return "admin";
  const membership = hub.store.memberships.findOne({ organizationId: repository.ownerId, userId: accountId });
  if (membership?.role === "admin") return "admin";
  const collaborator = hub.store.collaborators.findOne({ repositoryId: repository.id, userId: accountId });
  if (collaborator !== undefined) return collaborator.role;
  // An organisation's base permission is `read` unless its owners change it, which the forge does not offer.
  return membership !== undefined || !repository.private ? "read" : null;
}
