import type { ProbotOctokit } from "probot";
import type { Repository } from "../../core/task/state.ts";

/** A new token for this repository alone that may write contents and nothing else. GitHub lets it live for an hour. */
export async function createPushToken(
  octokit: ProbotOctokit,
  installationId: number,
  repository: Repository,
): Promise<string> {
  const { data } = await octokit.rest.apps.createInstallationAccessToken({
    installation_id: installationId,
    repository_ids: [repository.id],
    permissions: { contents: "write" },
  });
  return data.token;
}
