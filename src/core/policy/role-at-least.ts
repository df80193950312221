import type { RepositoryRole } from "./policy.ts";
import { ROLES_ON_REPOSITORY } from "./policy.ts";

/** Whether a role includes all that another may do: GitHub's roles are ordered. */
export function roleAtLeast(role: RepositoryRole, least: RepositoryRole): boolean {
  return ROLES_ON_REPOSITORY.indexOf(role) >= ROLES_ON_REPOSITORY.indexOf(least);
}
