import type { Intent } from "../../../app/intent.ts";
import { readCheckRun, readCheckSuite, readStatus } from "./checks.ts";
import { readInstallation, readInstallationRepositories } from "./installation.ts";
import { readIssueComment } from "./issue-comment.ts";
import { readIssues } from "./issues.ts";
import { readMergeGroup } from "./merge-group.ts";
import { readPullRequestReview } from "./pull-request-review.ts";
import { readPullRequest } from "./pull-request.ts";
import { readPush } from "./push.ts";
import { ignored, type IntentReader, type OwnTraces } from "./reader.ts";
import { readRepository } from "./repository.ts";
import { readWorkflowRun } from "./workflow-run.ts";

const READERS: ReadonlyMap<string, IntentReader> = new Map([
  ["check_run", readCheckRun],
  ["check_suite", readCheckSuite],
  ["installation", readInstallation],
  ["installation_repositories", readInstallationRepositories],
  ["issue_comment", readIssueComment],
  ["issues", readIssues],
  ["merge_group", readMergeGroup],
  ["pull_request", readPullRequest],
  ["pull_request_review", readPullRequestReview],
  ["push", readPush],
  ["repository", readRepository],
  ["status", readStatus],
  ["workflow_run", readWorkflowRun],
]);

/** Names of the webhook events that something follows from: `app.yml` subscribes to these and no others. */
export const HANDLED_EVENTS: readonly string[] = [...READERS.keys()];

/** What a webhook means to Baton. Pure, and total: whatever the payload is, it says so and never throws. */
export function readIntent(
  event: { readonly name: string; readonly payload: unknown },
  own: OwnTraces,
): Intent {
  const read = READERS.get(event.name);
  return read === undefined
    ? ignored(`Baton does not work with \`${event.name}\` events.`)
    : read(event.payload, own);
}
