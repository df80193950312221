import type { Review } from "../../hub/entity/pull.ts";
import { authorAssociation } from "../../hub/author-association.ts";
import type { Hub } from "../../hub/hub.ts";
import { nodeId } from "../../hub/node-id.ts";
import { repositoryApiUrl, repositoryWebUrl } from "./api-url.ts";
import { presentAccountById } from "./present-account.ts";

export function presentReview(hub: Hub, review: Review) {
  const repository = hub.store.repositories.require(review.repositoryId);
  const pull = hub.store.pulls.require(review.pullId);
  const pullUrl = `${repositoryApiUrl(hub, repository)}/pulls/${pull.number}`;
  const htmlUrl = `${repositoryWebUrl(hub, repository)}/pull/${pull.number}#pullrequestreview-${review.id}`;
  return {
    id: review.id,
    node_id: nodeId("PullRequestReview", review.id),
    user: presentAccountById(hub, review.authorId),
    body: review.body,
    state: review.state,
    html_url: htmlUrl,
    pull_request_url: pullUrl,
    author_association: authorAssociation(hub, repository, review.authorId),
    _links: { html: { href: htmlUrl }, pull_request: { href: pullUrl } },
    // A review that is still being written has no date.
    ...(review.submittedAt !== null && { submitted_at: review.submittedAt }),
    commit_id: review.commitId,
  };
}

/** In webhooks GitHub writes the state in small letters. */
export function presentReviewPayload(hub: Hub, review: Review) {
  return { ...presentReview(hub, review), state: review.state.toLowerCase() };
}
