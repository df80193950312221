import type { ProbotOctokit } from "probot";
import type { Repository } from "../../core/task/state.ts";
import { GitHubUnavailable } from "../../ports/github-unavailable.ts";
import type { GitHub, MergeOutcome } from "../../ports/github.ts";
import { answered, reasonOf, type RequestFailure } from "./client/request-failure.ts";
import { coordinates } from "./coordinates.ts";
import { getPull } from "./pull-request.ts";

type Wanted = Parameters<GitHub["merge"]>[1];

/** Merges exactly the commit that was approved: GitHub refuses when the head has moved on. */
export async function mergePullRequest(
  octokit: ProbotOctokit,
  repository: Repository,
  wanted: Wanted,
): Promise<MergeOutcome> {
  const merged = await readMerge(octokit, repository, wanted);
  if (merged !== null) return merged;
  try {
    const { data } = await octokit.rest.pulls.merge({
      ...coordinates(repository),
      pull_number: wanted.number,
      sha: wanted.sha,
      merge_method: wanted.method,
      // A rebase keeps the commits' own messages; GitHub ignores these two then.
      commit_title: wanted.title,
      commit_message: wanted.message,
    });
    return { kind: "merged", sha: data.sha };
  } catch (error) {
    // 403: the branch is protected from the App. 405: a rule or a conflict. 409: the head moved. 422: a setting.
    if (!answered(error, 403, 404, 405, 409, 422)) throw error;
    // Somebody else may have merged it in the same moment, which GitHub also answers with 405.
    const meanwhile = await readMerge(octokit, repository, wanted);
    return (
      meanwhile ?? { kind: "refused", why: await explain(octokit, { repository, wanted, failure: error }) }
    );
  }
}

async function readMerge(
  octokit: ProbotOctokit,
  repository: Repository,
  { number }: Wanted,
): Promise<MergeOutcome | null> {
  const pull = await getPull(octokit, repository, number);
  if (pull === null) return { kind: "refused", why: `There is no pull request #${number} any more.` };
  if (pull.merged && pull.merge_commit_sha !== null) return { kind: "merged", sha: pull.merge_commit_sha };
  return pull.state === "closed" ? { kind: "refused", why: `Pull request #${number} is closed.` } : null;
}

async function explain(
  octokit: ProbotOctokit,
  {
    repository,
    wanted,
    failure,
  }: {
    readonly repository: Repository;
    readonly wanted: Wanted;
    readonly failure: RequestFailure;
  },
): Promise<string> {
  if (failure.status === 409) {
    return `The branch has moved on from ${wanted.sha.slice(0, 7)}, so this commit was not merged.`;
  }
  const pull = await getPull(octokit, repository, wanted.number);
  // GitHub works it out anew after each push to the base branch, and refuses to merge until it knows.
  if (failure.status === 405 && pull?.mergeable === null) {
    throw new GitHubUnavailable(`GitHub does not know yet whether #${wanted.number} can be merged.`, {
      cause: failure,
    });
  }
  // For a conflict, GitHub's message says no more than that the pull request is not mergeable.
  if (pull?.mergeable === false)
    return `The changes conflict with \`${pull.base.ref}\`: the branch must be updated.`;
  return `GitHub refused the merge: ${reasonOf(failure)}`;
}
