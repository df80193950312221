import { nodeId } from "../../hub/node-id.ts";
import { encodePath } from "../code/code-path.ts";
import { findConversation } from "../issue/find-conversation.ts";
import type { ApiAnswer } from "../visit/call-api.ts";
import type { RepositoryVisit } from "../visit/visit.ts";
import type { FormFields, FormOutcome, WebSite } from "../visit/web-site.ts";
import type { FoundPull } from "./read-pull.ts";

const readyMutation = `mutation ($id: ID!) {
  markPullRequestReadyForReview(input: { pullRequestId: $id }) { clientMutationId }
}`;

interface PullForm extends FoundPull {
  visit: RepositoryVisit;
  fields: FormFields;
  /** Below `/api/v3`. */
  api: string;
  page: string;
}

export function registerPullForms(site: WebSite): void {
  const form = (path: string, take: (found: PullForm) => Promise<FormOutcome>): void => {
    site.repositoryForm(`/pull/:number{[0-9]+}${path}`, async (visit, fields) => {
      const found = findConversation(visit);
      if (!found?.pull) return null;
      const { issue, pull } = found;
      const api = `/repos/${visit.fullName}/pulls/${pull.number}`;
      return take({ issue, pull, visit, fields, api, page: `/${visit.fullName}/pull/${pull.number}` });
    });
  };

  form("/reviews", async ({ visit, fields, api, page }) => {
    const body = {
      event: fields.text("event"),
      body: fields.text("body"),
      // The commit that was looked at, so that a later push is not approved unseen.
      commit_id: fields.text("commit_id"),
    };
    const answer = await site.call(visit, { method: "POST", path: `${api}/reviews`, body });
    if (!answer.ok) return { location: `${page}/files#review`, refused: answer.sentence };
    return { location: `${page}#pullrequestreview-${(answer.body as { id: number }).id}` };
  });

  form("/merge", async ({ visit, fields, api, page }) => {
    const body = { sha: fields.text("sha"), merge_method: fields.text("method") };
    return back(page, await site.call(visit, { method: "PUT", path: `${api}/merge`, body }));
  });

  form("/ready", async ({ visit, pull, page }) => {
    return back(page, await site.mutate(visit, readyMutation, { id: nodeId("PullRequest", pull.id) }));
  });

  form("/delete-branch", async ({ visit, pull, page }) => {
    const path = `/repos/${visit.fullName}/git/refs/heads/${encodePath(pull.head.ref)}`;
    const answer = await site.call(visit, { method: "DELETE", path });
    return answer.ok ? { location: page, done: `The branch ${pull.head.ref} is gone.` } : back(page, answer);
  });
}

function back(page: string, answer: ApiAnswer): FormOutcome {
  return answer.ok ? { location: page } : { location: `${page}#merge-box`, refused: answer.sentence };
}
