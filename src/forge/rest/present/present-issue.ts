import type { Comment, Issue } from "../../hub/entity/issue.ts";
import type { Repository } from "../../hub/entity/repository.ts";
import type { Hub } from "../../hub/hub.ts";
import { authorAssociation } from "../../hub/author-association.ts";
import { nodeId } from "../../hub/node-id.ts";
import { repositoryApiUrl, repositoryWebUrl } from "./api-url.ts";
import { presentAccountById } from "./present-account.ts";
import { presentAppById } from "./present-app.ts";
import { presentLabel } from "./present-label.ts";
import { presentReactionRollup } from "./present-reaction.ts";

/** An issue, or a pull request as the issues API shows it. */
export function presentIssue(hub: Hub, repository: Repository, issue: Issue) {
  const url = `${repositoryApiUrl(hub, repository)}/issues/${issue.number}`;
  const assignees = issue.assigneeIds.map((id) => presentAccountById(hub, id));
  return {
    url,
    repository_url: repositoryApiUrl(hub, repository),
    labels_url: `${url}/labels{/name}`,
    comments_url: `${url}/comments`,
    events_url: `${url}/events`,
    html_url: issueWebUrl(hub, repository, issue),
    id: issue.id,
    node_id: nodeId(issue.pullId === null ? "Issue" : "PullRequest", issue.pullId ?? issue.id),
    number: issue.number,
    title: issue.title,
    user: presentAccountById(hub, issue.authorId),
    labels: presentIssueLabels(hub, repository, issue),
    state: issue.state,
    locked: issue.locked,
    assignee: assignees[0] ?? null,
    assignees,
    milestone: null,
    comments: hub.store.comments.count({ issueId: issue.id }),
    created_at: issue.createdAt,
    updated_at: issue.updatedAt,
    closed_at: issue.closedAt,
    author_association: authorAssociation(hub, repository, issue.authorId),
    active_lock_reason: null,
    body: issue.body,
    closed_by: presentAccountById(hub, issue.closedById),
    reactions: presentReactionRollup(hub, { subject: "issue", subjectId: issue.id, url }),
    timeline_url: `${url}/timeline`,
    performed_via_github_app: presentAppById(hub, issue.appId),
    state_reason: issue.stateReason,
    ...presentPullLink(hub, repository, issue),
  };
}

export function presentIssueLabels(hub: Hub, repository: Repository, issue: Issue) {
  return issue.labelIds.map((id) => presentLabel(hub, repository, hub.store.labels.require(id)));
}

export function issueWebUrl(hub: Hub, repository: Repository, issue: Issue): string {
  const kind = issue.pullId === null ? "issues" : "pull";
  return `${repositoryWebUrl(hub, repository)}/${kind}/${issue.number}`;
}

function presentPullLink(hub: Hub, repository: Repository, issue: Issue) {
  if (issue.pullId === null) return {};
  const pull = hub.store.pulls.require(issue.pullId);
  const webUrl = issueWebUrl(hub, repository, issue);
  return {
    draft: pull.draft,
    pull_request: {
      url: `${repositoryApiUrl(hub, repository)}/pulls/${issue.number}`,
      html_url: webUrl,
      diff_url: `${webUrl}.diff`,
      patch_url: `${webUrl}.patch`,
      merged_at: pull.mergedAt,
    },
  };
}

export function presentComment(hub: Hub, repository: Repository, comment: Comment) {
  const issue = hub.store.issues.require(comment.issueId);
  const issuesUrl = `${repositoryApiUrl(hub, repository)}/issues`;
  const url = `${issuesUrl}/comments/${comment.id}`;
  return {
    url,
    html_url: `${issueWebUrl(hub, repository, issue)}#issuecomment-${comment.id}`,
    issue_url: `${issuesUrl}/${issue.number}`,
    id: comment.id,
    node_id: nodeId("IssueComment", comment.id),
    user: presentAccountById(hub, comment.authorId),
    created_at: comment.createdAt,
    updated_at: comment.updatedAt,
    body: comment.body,
    author_association: authorAssociation(hub, repository, comment.authorId),
    reactions: presentReactionRollup(hub, { subject: "issue_comment", subjectId: comment.id, url }),
    performed_via_github_app: presentAppById(hub, comment.appId),
  };
}
