import { z } from "zod";
import { InRepository, PullFields, User, placeOf, pullOf, senderOf } from "./payload.ts";
import { ignored, isOwn, reader } from "./reader.ts";

const PullRequestReviewEvent = InRepository.extend({
  action: z.string(),
  pull_request: PullFields,
  review: z.object({
    user: User.nullish(),
    state: z.string(),
    commit_id: z.string().nullish(),
    body: z.string().nullish(),
    submitted_at: z.string().nullish(),
  }),
});

const STATES: ReadonlyMap<string, "approved" | "changes-requested" | "commented"> = new Map([
  ["approved", "approved"],
  ["changes_requested", "changes-requested"],
  ["commented", "commented"],
]);

export const readPullRequestReview = reader(PullRequestReviewEvent, (payload, own) => {
  const { action, review } = payload;
  const of = { ...placeOf(payload), pull: pullOf(payload.pull_request), reviewer: senderOf(review.user) };
  if (isOwn(of.reviewer.login, own)) return ignored("Baton wrote the review itself.");
  if (action === "dismissed") return { ...of, kind: "review-dismissed" };
  if (action !== "submitted") return ignored("An edited review neither approves nor refuses.");
  const state = STATES.get(review.state.toLowerCase());
  const { commit_id: sha, submitted_at: at } = review;
  if (state === undefined) return ignored(`A review in the state \`${review.state}\` says nothing.`);
  if (sha == null || at == null) return ignored("The review names no commit that it is about.");
  return { ...of, kind: "review-submitted", state, sha, body: review.body ?? "", at };
});
