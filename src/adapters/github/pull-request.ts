import type { ProbotOctokit } from "probot";
import type { Repository } from "../../core/task/state.ts";
import type { PullRequestFacts } from "../../ports/github.ts";
import { answered, orNull, reasonOf } from "./client/request-failure.ts";
import { coordinates } from "./coordinates.ts";
import { MAX_COMMENT_CHARACTERS, truncate } from "./truncate.ts";

/** GitHub refuses longer titles of issues and pull requests. */
const MAX_TITLE_CHARACTERS = 256;

export type WantedPull = {
  readonly head: string;
  readonly base: string;
  readonly title: string;
  readonly body: string;
};

type PlacedPull = { readonly number: number; readonly url: string };

export async function readPullRequest(
  octokit: ProbotOctokit,
  repository: Repository,
  number: number,
): Promise<PullRequestFacts | null> {
  const pull = await getPull(octokit, repository, number);
  if (pull === null) return null;
  return {
    number,
    url: pull.html_url,
    state: pull.merged ? "merged" : pull.state,
    draft: pull.draft ?? false,
    headSha: pull.head.sha,
    headRef: pull.head.ref,
    // GitHub's types deny it, but a fork can be deleted while its pull request stays.
    headRepositoryId: (pull.head.repo as { id: number } | null)?.id ?? null,
    // Before the merge this field holds a trial merge, which is nobody's history.
    mergeSha: pull.merged ? pull.merge_commit_sha : null,
  };
}

/**
 * An open pull request from the branch. One that is there keeps its title and text, which people may have edited. It
 * starts as a draft, except where GitHub's plan for the repository knows no drafts.
 */
export async function ensurePullRequest(
  octokit: ProbotOctokit,
  repository: Repository,
  wanted: WantedPull,
): Promise<PlacedPull> {
  const existing = await findOpenPull(octokit, repository, wanted.head);
  if (existing !== null) return existing;
  const draft = await createPull(octokit, repository, { wanted, draft: true });
  if (draft.kind === "created") return draft.pull;
  const raced = await findOpenPull(octokit, repository, wanted.head);
  if (raced !== null) return raced;
  const ready = await createPull(octokit, repository, { wanted, draft: false });
  if (ready.kind === "created") return ready.pull;
  throw new Error(`GitHub refused a pull request from ${wanted.head} to ${wanted.base}: ${ready.why}`);
}

/** A draft becomes ready for review; GitHub's REST API cannot do that, its GraphQL API can. */
export async function ensureReadyForReview(
  octokit: ProbotOctokit,
  repository: Repository,
  number: number,
): Promise<void> {
  const pull = await getPull(octokit, repository, number);
  if (pull === null || pull.state !== "open" || pull.draft !== true) return;
  await octokit.graphql(
    `mutation ($pull: ID!) {
      markPullRequestReadyForReview(input: { pullRequestId: $pull }) { pullRequest { isDraft } }
    }`,
    { pull: pull.node_id },
  );
}

export async function ensureClosed(
  octokit: ProbotOctokit,
  repository: Repository,
  number: number,
): Promise<void> {
  const pull = await getPull(octokit, repository, number);
  if (pull?.state !== "open") return;
  await octokit.rest.pulls.update({ ...coordinates(repository), pull_number: number, state: "closed" });
}

type Pull = Awaited<ReturnType<ProbotOctokit["rest"]["pulls"]["get"]>>["data"];

export async function getPull(
  octokit: ProbotOctokit,
  repository: Repository,
  number: number,
): Promise<Pull | null> {
  const answer = await orNull(octokit.rest.pulls.get({ ...coordinates(repository), pull_number: number }));
  return answer?.data ?? null;
}

async function findOpenPull(
  octokit: ProbotOctokit,
  repository: Repository,
  head: string,
): Promise<PlacedPull | null> {
  const { data } = await octokit.rest.pulls.list({
    ...coordinates(repository),
    head: `${repository.owner}:${head}`,
    state: "open",
  });
  // GitHub ignores a head that it cannot read and then lists all pull requests.
  const pull = data.find((candidate) => candidate.head.ref === head);
  return pull === undefined ? null : { number: pull.number, url: pull.html_url };
}

type Creation =
  | { readonly kind: "created"; readonly pull: PlacedPull }
  | { readonly kind: "refused"; readonly why: string };

async function createPull(
  octokit: ProbotOctokit,
  repository: Repository,
  { wanted, draft }: { readonly wanted: WantedPull; readonly draft: boolean },
): Promise<Creation> {
  try {
    const { data } = await octokit.rest.pulls.create({
      ...coordinates(repository),
      head: wanted.head,
      base: wanted.base,
      title: wanted.title.slice(0, MAX_TITLE_CHARACTERS),
      body: truncate(wanted.body, MAX_COMMENT_CHARACTERS),
      draft,
    });
    return { kind: "created", pull: { number: data.number, url: data.html_url } };
  } catch (error) {
    if (answered(error, 422)) return { kind: "refused", why: reasonOf(error) };
    throw error;
  }
}
