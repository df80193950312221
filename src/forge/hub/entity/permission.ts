/** What tokens of Apps, jobs and fine-grained personal tokens carry, by GitHub's permission names. */
export type PermissionSet = Partial<Record<PermissionName, AccessLevel>>;

export type AccessLevel = "read" | "write" | "admin";

/** The repository and organisation permissions that an endpoint of the forge or a webhook event asks for. */
export type PermissionName = (typeof permissionNames)[number];

export const permissionNames = [
  "actions",
  "administration",
  "attestations",
  "checks",
  "contents",
  "deployments",
  "discussions",
  "environments",
  "issues",
  "members",
  "merge_queues",
  "metadata",
  "organization_administration",
  "packages",
  "pages",
  "pull_requests",
  "repository_hooks",
  "repository_projects",
  "secrets",
  "security_events",
  "single_file",
  "statuses",
  "vulnerability_alerts",
  "workflows",
] as const;

/** Roles of people in a repository, from the least to the most. */
const repositoryRoles = ["read", "triage", "write", "maintain", "admin"] as const;

export type RepositoryRole = (typeof repositoryRoles)[number];

export function roleIncludes(role: RepositoryRole, wanted: RepositoryRole): boolean {
  return repositoryRoles.indexOf(role) >= repositoryRoles.indexOf(wanted);
}

const accessLevels: readonly AccessLevel[] = ["read", "write", "admin"];

export function accessIncludes(access: AccessLevel | undefined, wanted: AccessLevel): boolean {
  return access !== undefined && accessLevels.indexOf(access) >= accessLevels.indexOf(wanted);
}
