import type { Pull, Review } from "../entity/pull.ts";
import type { Actor } from "../hub-event.ts";
import type { Hub } from "../hub.ts";
import { recordTimelineEvent } from "../issue/record-timeline-event.ts";
import { findProtection } from "../repository/find-protection.ts";
import { issueOfPull } from "./find-pull.ts";

export interface Dismissal {
  review: Review;
  actor: Actor;
  message: string;
}

/** Takes the effect of an approval or a request for changes away. Others cannot be dismissed. */
export function dismissReview(hub: Hub, { review, actor, message }: Dismissal): Review {
  return hub.change(() => {
    const dismissed = hub.store.reviews.update(review.id, { state: "DISMISSED" });
    const pull = hub.store.pulls.require(review.pullId);
    recordTimelineEvent(hub, {
      issue: issueOfPull(hub, pull),
      actor,
      detail: { event: "review_dismissed", reviewId: review.id, state: review.state.toLowerCase(), message },
    });
    hub.emit({
      name: "pull_request_review",
      action: "dismissed",
      repositoryId: review.repositoryId,
      actor,
      pullId: review.pullId,
      reviewId: review.id,
    });
    return dismissed;
  });
}

/** Where the base branch demands it, approvals do not outlive a push that changes what was approved. */
export function dismissStaleReviews(hub: Hub, { pull, actor }: { pull: Pull; actor: Actor }): void {
  const protection = findProtection(hub, pull.repositoryId, pull.base.ref);
  if (protection?.requiredReviews?.dismissStale !== true) return;
  for (const review of hub.store.reviews.find({ pullId: pull.id, state: "APPROVED" })) {
    dismissReview(hub, { review, actor, message: "" });
  }
}
