import type { Issue } from "../../hub/entity/issue.ts";
import type { Pull, PullEnd } from "../../hub/entity/pull.ts";
import type { Repository } from "../../hub/entity/repository.ts";
import { authorAssociation } from "../../hub/author-association.ts";
import type { Hub } from "../../hub/hub.ts";
import { nodeId } from "../../hub/node-id.ts";
import { repositoryApiUrl } from "./api-url.ts";
import { presentAccountById } from "./present-account.ts";
import { issueWebUrl, presentIssueLabels } from "./present-issue.ts";
import { presentFullRepository } from "./present-repository.ts";

/** A pull request as lists show it. */
export function presentPull(hub: Hub, pull: Pull) {
  const repository = hub.store.repositories.require(pull.repositoryId);
  const issue = hub.store.issues.require(pull.issueId);
  const assignees = issue.assigneeIds.map((id) => presentAccountById(hub, id));
  return {
    ...links(hub, { repository, issue, pull }),
    id: pull.id,
    node_id: nodeId("PullRequest", pull.id),
    number: pull.number,
    state: issue.state,
    locked: issue.locked,
    title: issue.title,
    user: presentAccountById(hub, issue.authorId),
    body: issue.body,
    labels: presentIssueLabels(hub, repository, issue),
    milestone: null,
    active_lock_reason: null,
    created_at: issue.createdAt,
    updated_at: issue.updatedAt,
    closed_at: issue.closedAt,
    merged_at: pull.mergedAt,
    merge_commit_sha: pull.mergeCommitSha,
    assignee: assignees[0] ?? null,
    assignees,
    requested_reviewers: pull.requestedReviewerIds.map((id) => presentAccountById(hub, id)),
    requested_teams: [],
    head: presentEnd(hub, pull.head),
    base: presentEnd(hub, pull.base),
    author_association: authorAssociation(hub, repository, issue.authorId),
    auto_merge: null,
    draft: pull.draft,
  };
}

/** A pull request by itself, and in the payloads of its events. */
export function presentFullPull(hub: Hub, pull: Pull) {
  return {
    ...presentPull(hub, pull),
    merged: pull.merged,
    mergeable: pull.mergeable,
    rebaseable: pull.mergeable,
    mergeable_state: pull.mergeableState,
    merged_by: presentAccountById(hub, pull.mergedById),
    comments: hub.store.comments.count({ issueId: pull.issueId }),
    review_comments: hub.store.reviewComments.count({ pullId: pull.id }),
    maintainer_can_modify: pull.maintainerCanModify,
    commits: pull.commits,
    additions: pull.additions,
    deletions: pull.deletions,
    changed_files: pull.changedFiles,
  };
}

/** A pull request inside check runs, check suites and workflow runs. */
export function presentMinimalPull(hub: Hub, pull: Pull) {
  const repository = hub.store.repositories.require(pull.repositoryId);
  const end = ({ repositoryId, ref, sha }: PullEnd) => {
    const owner = hub.store.repositories.require(repositoryId ?? pull.repositoryId);
    return { ref, sha, repo: { id: owner.id, url: repositoryApiUrl(hub, owner), name: owner.name } };
  };
  return {
    id: pull.id,
    number: pull.number,
    url: `${repositoryApiUrl(hub, repository)}/pulls/${pull.number}`,
    head: end(pull.head),
    base: end(pull.base),
  };
}

function presentEnd(hub: Hub, end: PullEnd) {
  const repository = end.repositoryId === null ? undefined : hub.store.repositories.get(end.repositoryId);
  const owner = repository === undefined ? null : presentAccountById(hub, repository.ownerId);
  return {
    label: owner === null ? end.ref : `${owner.login}:${end.ref}`,
    ref: end.ref,
    sha: end.sha,
    user: owner,
    // `null` once a fork was deleted.
    repo: repository === undefined ? null : presentFullRepository(hub, repository, null),
  };
}

function links(hub: Hub, { repository, issue, pull }: { repository: Repository; issue: Issue; pull: Pull }) {
  const api = repositoryApiUrl(hub, repository);
  const url = `${api}/pulls/${pull.number}`;
  const htmlUrl = issueWebUrl(hub, repository, issue);
  const issueUrl = `${api}/issues/${pull.number}`;
  const urls = {
    comments_url: `${issueUrl}/comments`,
    review_comments_url: `${url}/comments`,
    review_comment_url: `${api}/pulls/comments{/number}`,
    commits_url: `${url}/commits`,
    statuses_url: `${api}/statuses/${pull.head.sha}`,
  };
  return {
    url,
    html_url: htmlUrl,
    diff_url: `${htmlUrl}.diff`,
    patch_url: `${htmlUrl}.patch`,
    issue_url: issueUrl,
    ...urls,
    _links: {
      self: { href: url },
      html: { href: htmlUrl },
      issue: { href: issueUrl },
      comments: { href: urls.comments_url },
      review_comments: { href: urls.review_comments_url },
      review_comment: { href: urls.review_comment_url },
      commits: { href: urls.commits_url },
      statuses: { href: urls.statuses_url },
    },
  };
}
