import type { ProbotOctokit } from "probot";
import { ROLES_ON_REPOSITORY, type RepositoryRole } from "../../core/policy/policy.ts";
import type { Repository } from "../../core/task/state.ts";
import { orNull } from "./client/request-failure.ts";
import { coordinates } from "./coordinates.ts";

/**
 * What a person may do in the repository. `role_name` tells maintain from write and triage from read; for a role that
 * an organisation made up, `permission` says which of the built-in ones it stands on.
 */
export async function readRole(
  octokit: ProbotOctokit,
  repository: Repository,
  login: string,
): Promise<RepositoryRole> {
  const answer = await orNull(
    octokit.rest.repos.getCollaboratorPermissionLevel({ ...coordinates(repository), username: login }),
  );
  if (answer === null) return "none";
  const { role_name: roleName, permission } = answer.data;
  return knownRole(roleName) ?? knownRole(permission) ?? "none";
}

function knownRole(name: string): RepositoryRole | undefined {
  return ROLES_ON_REPOSITORY.find((role) => role === name);
}
