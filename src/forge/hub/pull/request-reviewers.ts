import type { Pull } from "../entity/pull.ts";
import type { Actor } from "../hub-event.ts";
import type { Hub } from "../hub.ts";
import { recordTimelineEvent } from "../issue/record-timeline-event.ts";
import { issueOfPull } from "./find-pull.ts";

export interface ReviewerChange {
  pull: Pull;
  actor: Actor;
  reviewerIds: readonly number[];
}

export function requestReviewers(hub: Hub, { pull, actor, reviewerIds }: ReviewerChange): Pull {
  return hub.change(() => {
    for (const reviewerId of reviewerIds) {
      const { requestedReviewerIds } = hub.store.pulls.require(pull.id);
      if (requestedReviewerIds.includes(reviewerId)) continue;
      hub.store.pulls.update(pull.id, { requestedReviewerIds: [...requestedReviewerIds, reviewerId] });
      report(hub, { pull, actor, reviewerId, change: "review_requested" });
    }
    return hub.store.pulls.require(pull.id);
  });
}

export function removeReviewers(hub: Hub, { pull, actor, reviewerIds }: ReviewerChange): Pull {
  return hub.change(() => {
    for (const reviewerId of reviewerIds) {
      const { requestedReviewerIds } = hub.store.pulls.require(pull.id);
      if (!requestedReviewerIds.includes(reviewerId)) continue;
      const others = requestedReviewerIds.filter((id) => id !== reviewerId);
      hub.store.pulls.update(pull.id, { requestedReviewerIds: others });
      report(hub, { pull, actor, reviewerId, change: "review_request_removed" });
    }
    return hub.store.pulls.require(pull.id);
  });
}

function report(
  hub: Hub,
  {
    pull,
    actor,
    reviewerId,
    change,
  }: { pull: Pull; actor: Actor; reviewerId: number; change: "review_requested" | "review_request_removed" },
): void {
  const detail = { event: change, reviewerId } as const;
  recordTimelineEvent(hub, { issue: issueOfPull(hub, pull), actor, detail });
  hub.emit({
    name: "pull_request",
    action: change,
    repositoryId: pull.repositoryId,
    actor,
    pullId: pull.id,
    requestedReviewerId: reviewerId,
  });
}
