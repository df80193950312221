import type { Pull, Review } from "../../hub/entity/pull.ts";
import { standingReviews } from "../../hub/pull/review-pull.ts";
import { html, type Html } from "../html.ts";
import type { SidebarView } from "../issue/issue-sidebar.ts";
import { icon } from "../pieces/icon.ts";
import { userOf } from "../timeline/read-timeline.ts";
import type { RepositoryVisit } from "../visit/visit.ts";

/** Who has been asked for a review or has given one, with the verdict that counts now. */
export function readReviewers(visit: RepositoryVisit, pull: Pull): NonNullable<SidebarView["reviewers"]> {
  const given = standingReviews(visit.hub, pull).map((review) => ({
    user: userOf(visit, review.authorId),
    standing: verdictMark(review.state),
  }));
  const asked = pull.requestedReviewerIds.map((id) => ({
    user: userOf(visit, id),
    standing: html`<span class="tone-wait small">${icon("clock")} asked</span>`,
  }));
  return [...given, ...asked];
}

function verdictMark(state: Review["state"]): Html {
  return state === "APPROVED"
    ? html`<span class="tone-good small">${icon("check")} approved</span>`
    : html`<span class="tone-bad small">${icon("cross")} wants changes</span>`;
}
