import type { Pull, Review } from "../entity/pull.ts";
import type { Actor } from "../hub-event.ts";
import type { Hub } from "../hub.ts";
import { issueOfPull } from "./find-pull.ts";

export type Verdict = "APPROVE" | "REQUEST_CHANGES" | "COMMENT";

const stateOf = {
  APPROVE: "APPROVED",
  REQUEST_CHANGES: "CHANGES_REQUESTED",
  COMMENT: "COMMENTED",
} as const;

export interface NewReview {
  pull: Pull;
  actor: Actor;
  body: string;
  /** The commit that was looked at. */
  commitId: string;
  /** Without one the review stays pending until it is submitted. */
  verdict: Verdict | null;
}

/** Authors cannot approve or refuse their own work. @returns GitHub's sentence about it. */
export function selfReviewRefusal(
  hub: Hub,
  { pull, actor, verdict }: { pull: Pull; actor: Actor; verdict: Verdict | null },
): string | undefined {
  if (issueOfPull(hub, pull).authorId !== actor.accountId) return undefined;
  if (verdict === "APPROVE") return "Review Can not approve your own pull request";
  if (verdict === "REQUEST_CHANGES") return "Review Can not request changes on your own pull request";
  return undefined;
}

export function createReview(hub: Hub, { pull, actor, body, commitId, verdict }: NewReview): Review {
  return hub.change(() => {
    const review = hub.store.reviews.insert({
      repositoryId: pull.repositoryId,
      pullId: pull.id,
      authorId: actor.accountId,
      body,
      state: "PENDING",
      commitId,
      submittedAt: null,
    });
    return verdict === null ? review : submitReview(hub, { review, actor, verdict, body });
  });
}

export function submitReview(
  hub: Hub,
  { review, actor, verdict, body }: { review: Review; actor: Actor; verdict: Verdict; body: string },
): Review {
  return hub.change(() => {
    const now = hub.now();
    const submitted = hub.store.reviews.update(review.id, {
      state: stateOf[verdict],
      submittedAt: now,
      body,
    });
    const pull = hub.store.pulls.require(review.pullId);
    // Whoever has reviewed is no longer waited for.
    hub.store.pulls.update(pull.id, {
      requestedReviewerIds: pull.requestedReviewerIds.filter((id) => id !== actor.accountId),
      mergeable: null,
      mergeableState: "unknown",
    });
    hub.store.issues.update(pull.issueId, { updatedAt: now });
    emitReview(hub, { review: submitted, actor, action: "submitted" });
    return submitted;
  });
}

export function editReview(
  hub: Hub,
  { review, actor, body }: { review: Review; actor: Actor; body: string },
): Review {
  return hub.change(() => {
    const edited = hub.store.reviews.update(review.id, { body });
    if (review.state !== "PENDING") emitReview(hub, { review: edited, actor, action: "edited" });
    return edited;
  });
}

function emitReview(
  hub: Hub,
  { review, actor, action }: { review: Review; actor: Actor; action: "submitted" | "edited" },
): void {
  const { repositoryId, pullId, id: reviewId } = review;
  hub.emit({ name: "pull_request_review", action, repositoryId, actor, pullId, reviewId });
}

/** The opinion that each reviewer holds now: comments do not change it, and dismissed ones are none. */
export function standingReviews(hub: Hub, pull: Pull): Review[] {
  const standing = new Map<number, Review>();
  for (const review of hub.store.reviews.find({ pullId: pull.id })) {
    if (review.state === "APPROVED" || review.state === "CHANGES_REQUESTED") {
      standing.set(review.authorId, review);
    }
  }
  return [...standing.values()];
}
