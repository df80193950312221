import type { Pull, Review } from "../hub/entity/pull.ts";
import { authorAssociation } from "../hub/author-association.ts";
import { fullName } from "../hub/find-repository.ts";
import { closingReferences } from "../hub/issue/closing-keywords.ts";
import { nodeId } from "../hub/node-id.ts";
import { issueOfPull } from "../hub/pull/find-pull.ts";
import { refreshMergeability } from "../hub/pull/mergeability.ts";
import { standingReviews } from "../hub/pull/review-pull.ts";
import { findProtection } from "../hub/repository/find-protection.ts";
import { presentReview } from "../rest/present/present-review.ts";
import { actorNodeById } from "./actor-node.ts";
import { connection, type ConnectionArguments } from "./connection.ts";
import type { GraphqlContext } from "./graphql-context.ts";
import { conversationFields, issueNode } from "./issue-node.ts";
import { repositoryNode } from "./repository-node.ts";

export function pullNode(context: GraphqlContext, pull: Pull): object {
  const { hub } = context;
  const issue = issueOfPull(hub, pull);
  return {
    __typename: "PullRequest",
    ...conversationFields(context, issue),
    id: nodeId("PullRequest", pull.id),
    databaseId: pull.id,
    fullDatabaseId: String(pull.id),
    state: pull.merged ? "MERGED" : issue.state.toUpperCase(),
    isDraft: pull.draft,
    merged: pull.merged,
    mergedAt: pull.mergedAt,
    mergedBy: () => actorNodeById(context, pull.mergedById),
    mergeCommit: pull.merged && pull.mergeCommitSha !== null ? commitNode(pull, pull.mergeCommitSha) : null,
    mergeable: async () => mergeableState((await refreshMergeability(hub, pull)).mergeable),
    mergeStateStatus: async () => (await refreshMergeability(hub, pull)).mergeableState.toUpperCase(),
    isCrossRepository: pull.head.repositoryId !== pull.repositoryId,
    maintainerCanModify: pull.maintainerCanModify,
    additions: pull.additions,
    deletions: pull.deletions,
    changedFiles: pull.changedFiles,
    reviewDecision: () => reviewDecision(context, pull),
    ...ends(context, pull),
    ...lists(context, pull),
  };
}

function ends(context: GraphqlContext, { head, base }: Pull) {
  const { store } = context.hub;
  const repositoryOf = (id: number | null) => {
    const repository = id === null ? undefined : store.repositories.get(id);
    return repository === undefined ? null : repositoryNode(context, repository);
  };
  return {
    headRefName: head.ref,
    headRefOid: head.sha,
    baseRefName: base.ref,
    baseRefOid: base.sha,
    headRepository: () => repositoryOf(head.repositoryId),
    baseRepository: () => repositoryOf(base.repositoryId),
    headRepositoryOwner: () => {
      const repository = head.repositoryId === null ? undefined : store.repositories.get(head.repositoryId);
      return actorNodeById(context, repository?.ownerId ?? null);
    },
  };
}

function lists(context: GraphqlContext, pull: Pull) {
  const { hub } = context;
  return {
    reviews: (args: ConnectionArguments) => {
      const reviews = hub.store.reviews.find({ pullId: pull.id }).filter(({ state }) => state !== "PENDING");
      return connection(
        reviews.map((review) => reviewNode(context, review)),
        args,
      );
    },
    closingIssuesReferences: (args: ConnectionArguments) => {
      const repository = hub.store.repositories.require(pull.repositoryId);
      const numbers = closingReferences(issueOfPull(hub, pull).body, fullName(hub, repository));
      const issues = numbers.flatMap((number) => {
        const issue = hub.store.issues.findOne({ repositoryId: repository.id, number });
        return issue === undefined || issue.pullId !== null ? [] : [issueNode(context, issue)];
      });
      return connection(issues, args);
    },
  };
}

function reviewNode(context: GraphqlContext, review: Review) {
  const { hub } = context;
  const repository = hub.store.repositories.require(review.repositoryId);
  return {
    __typename: "PullRequestReview",
    id: nodeId("PullRequestReview", review.id),
    databaseId: review.id,
    body: review.body,
    state: review.state,
    submittedAt: review.submittedAt,
    url: presentReview(hub, review).html_url,
    author: () => actorNodeById(context, review.authorId),
    authorAssociation: authorAssociation(hub, repository, review.authorId),
    commit: commitNode(review, review.commitId),
  };
}

function commitNode({ repositoryId }: { repositoryId: number }, oid: string) {
  return { __typename: "Commit", id: nodeId("Commit", `${repositoryId}:${oid}`), oid };
}

function mergeableState(mergeable: boolean | null): "MERGEABLE" | "CONFLICTING" | "UNKNOWN" {
  if (mergeable === null) return "UNKNOWN";
  return mergeable ? "MERGEABLE" : "CONFLICTING";
}

/** `null` where the base branch asks for no reviews, as on GitHub. */
function reviewDecision({ hub }: GraphqlContext, pull: Pull): string | null {
  const required = findProtection(hub, pull.repositoryId, pull.base.ref)?.requiredReviews;
  if (required == null) return null;
  const standing = standingReviews(hub, pull);
  if (standing.some(({ state }) => state === "CHANGES_REQUESTED")) return "CHANGES_REQUESTED";
  return standing.length >= required.approvingCount ? "APPROVED" : "REVIEW_REQUIRED";
}
