import type { Comment, Issue, TimelineDetail, TimelineEvent } from "../../hub/entity/issue.ts";
import type { Review } from "../../hub/entity/pull.ts";
import type { Repository } from "../../hub/entity/repository.ts";
import { authorAssociation } from "../../hub/author-association.ts";
import type { Hub } from "../../hub/hub.ts";
import { nodeId } from "../../hub/node-id.ts";
import { repositoryApiUrl } from "./api-url.ts";
import { presentAccountById } from "./present-account.ts";
import { presentAppById } from "./present-app.ts";
import { issueWebUrl, presentComment, presentIssue } from "./present-issue.ts";
import { presentRepository } from "./present-repository.ts";

/** Comments, reviews and events of an issue in the order in which they came: ids ascend across all kinds. */
export function presentTimeline(hub: Hub, repository: Repository, issue: Issue) {
  const comments = hub.store.comments.find({ issueId: issue.id });
  const events = hub.store.timelineEvents.find({ issueId: issue.id });
  const reviews = issue.pullId === null ? [] : hub.store.reviews.find({ pullId: issue.pullId });
  return [
    ...comments.map((comment) => ({ id: comment.id, shown: presentSaid(hub, repository, comment) })),
    ...events.map((event) => ({ id: event.id, shown: presentIssueEvent(hub, repository, event) })),
    ...reviews
      .filter((review) => review.state !== "PENDING")
      .map((review) => ({ id: review.id, shown: presentReviewed(hub, { repository, issue, review }) })),
  ]
    .sort((a, b) => a.id - b.id)
    .map(({ shown }) => shown);
}

function presentSaid(hub: Hub, repository: Repository, comment: Comment) {
  const presented = presentComment(hub, repository, comment);
  return { ...presented, event: "commented", actor: presented.user };
}

function presentReviewed(
  hub: Hub,
  { repository, issue, review }: { repository: Repository; issue: Issue; review: Review },
) {
  const htmlUrl = `${issueWebUrl(hub, repository, issue)}#pullrequestreview-${review.id}`;
  const pullUrl = `${repositoryApiUrl(hub, repository)}/pulls/${issue.number}`;
  return {
    id: review.id,
    node_id: nodeId("PullRequestReview", review.id),
    user: presentAccountById(hub, review.authorId),
    body: review.body,
    commit_id: review.commitId,
    submitted_at: review.submittedAt,
    state: review.state.toLowerCase(),
    html_url: htmlUrl,
    pull_request_url: pullUrl,
    author_association: authorAssociation(hub, repository, review.authorId),
    _links: { html: { href: htmlUrl }, pull_request: { href: pullUrl } },
    event: "reviewed",
  };
}

export function presentIssueEvent(hub: Hub, repository: Repository, event: TimelineEvent) {
  const { detail } = event;
  if (detail.event === "cross-referenced") {
    const source = hub.store.issues.require(detail.sourceIssueId);
    return presentCrossReference(hub, repository, { event, source });
  }
  const commitId = "commitId" in detail ? detail.commitId : null;
  return {
    id: event.id,
    node_id: nodeId("Event", event.id),
    url: `${repositoryApiUrl(hub, repository)}/issues/events/${event.id}`,
    actor: presentAccountById(hub, event.actorId),
    event: detail.event,
    commit_id: commitId,
    commit_url: commitId === null ? null : `${repositoryApiUrl(hub, repository)}/commits/${commitId}`,
    created_at: event.createdAt,
    performed_via_github_app: presentAppById(hub, event.appId),
    ...presentDetail(hub, event.actorId, detail),
  };
}

function presentDetail(hub: Hub, actorId: number, detail: TimelineDetail): Record<string, unknown> {
  switch (detail.event) {
    case "labeled":
    case "unlabeled":
      return { label: detail.label };
    case "assigned":
    case "unassigned":
      return {
        assignee: presentAccountById(hub, detail.assigneeId),
        assigner: presentAccountById(hub, actorId),
      };
    case "closed":
      return { state_reason: detail.stateReason };
    case "renamed":
      return { rename: { from: detail.from, to: detail.to } };
    case "review_requested":
    case "review_request_removed":
      return {
        requested_reviewer: presentAccountById(hub, detail.reviewerId),
        review_requester: presentAccountById(hub, actorId),
      };
    case "review_dismissed":
      return {
        dismissed_review: {
          state: detail.state.toLowerCase(),
          review_id: detail.reviewId,
          dismissal_message: detail.message,
        },
      };
    case "locked":
      return { lock_reason: null };
    case "convert_to_draft":
    case "cross-referenced":
    case "head_ref_deleted":
    case "head_ref_force_pushed":
    case "head_ref_restored":
    case "merged":
    case "ready_for_review":
    case "referenced":
    case "reopened":
    case "unlocked":
      return {};
  }
}

function presentCrossReference(
  hub: Hub,
  repository: Repository,
  { event, source }: { event: TimelineEvent; source: Issue },
) {
  return {
    event: "cross-referenced",
    actor: presentAccountById(hub, event.actorId),
    created_at: event.createdAt,
    updated_at: event.createdAt,
    source: {
      type: "issue",
      issue: {
        ...presentIssue(hub, repository, source),
        repository: presentRepository(hub, repository),
      },
    },
  };
}
