import type { PullEvent } from "../../hub/hub-event.ts";
import type { Hub } from "../../hub/hub.ts";
import type { PayloadRegistry } from "../../webhooks/payload-registry.ts";
import { presentAccountById } from "../present/present-account.ts";
import { presentLabel } from "../present/present-label.ts";
import { presentFullPull, presentPull } from "../present/present-pull.ts";
import { presentReviewPayload } from "../present/present-review.ts";

/** Payloads about pull requests and their reviews. */
export function registerPullPayloads(hub: Hub, payloads: PayloadRegistry): void {
  payloads.register("pull_request", (event) => presentPullEvent(hub, event));

  payloads.register("pull_request_review", (event) => ({
    review: presentReviewPayload(hub, hub.store.reviews.require(event.reviewId)),
    pull_request: presentPull(hub, hub.store.pulls.require(event.pullId)),
    ...(event.action === "edited" && { changes: {} }),
  }));
}

function presentPullEvent(hub: Hub, event: PullEvent) {
  const pull = hub.store.pulls.require(event.pullId);
  const repository = hub.store.repositories.require(event.repositoryId);
  const { label, assigneeId, requestedReviewerId, before, after, changes } = event;
  return {
    number: pull.number,
    pull_request: presentFullPull(hub, pull),
    ...(label && { label: presentLabel(hub, repository, { ...label, repositoryId: repository.id }) }),
    ...(assigneeId !== undefined && { assignee: presentAccountById(hub, assigneeId) }),
    ...(requestedReviewerId !== undefined && {
      requested_reviewer: presentAccountById(hub, requestedReviewerId),
    }),
    ...(before !== undefined && { before }),
    ...(after !== undefined && { after }),
    ...(changes !== undefined && { changes }),
  };
}
