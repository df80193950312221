import type { ProbotOctokit } from "probot";
import type { Repository } from "../../core/task/state.ts";
import { answered } from "./client/request-failure.ts";
import { coordinates } from "./coordinates.ts";

/** The commit that the branch points at, null when there is no such branch; an empty repository answers 409. */
export async function readHead(
  octokit: ProbotOctokit,
  repository: Repository,
  branch: string,
): Promise<string | null> {
  try {
    const { data } = await octokit.rest.git.getRef({ ...coordinates(repository), ref: `heads/${branch}` });
    return data.object.sha;
  } catch (error) {
    if (answered(error, 404, 409)) return null;
    throw error;
  }
}
