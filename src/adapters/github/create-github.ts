import type { ProbotOctokit } from "probot";
import type { AppIdentity } from "../../ports/app-identity.ts";
import type { Clock } from "../../ports/clock.ts";
import type { GitHub } from "../../ports/github.ts";
import { readUserId } from "./app-identity.ts";
import { ensureChecks } from "./checks.ts";
import { ensureComment } from "./comments.ts";
import { readChangedFiles, readDiff } from "./compare.ts";
import { listDirectory, readFile } from "./files.ts";
import { readIssue } from "./issue.ts";
import { ensureLabel, removeLabel } from "./labels.ts";
import { Memo } from "./memo.ts";
import { mergePullRequest } from "./merge.ts";
import { observeChecks } from "./observe-checks.ts";
import { ensureClosed, ensurePullRequest, ensureReadyForReview, readPullRequest } from "./pull-request.ts";
import { createPushToken } from "./push-token.ts";
import { ensureReaction } from "./reactions.ts";
import { readHead } from "./read-head.ts";
import { readRole } from "./role-of.ts";
import { cancelRun, dispatchRun } from "./runs.ts";

export type GitHubOptions = {
  readonly installationId: number;
  readonly app: AppIdentity;
  readonly clock: Clock;
  /** Ends the waits for a run to show up when the process stops. */
  readonly signal?: AbortSignal;
};

/**
 * GitHub as one installation sees it, over a client of that installation (`probot.auth(installationId)`, its class
 * made by `rateAwareOctokit`).
 */
export function createGitHub(octokit: ProbotOctokit, options: GitHubOptions): GitHub {
  const { app, clock, installationId } = options;
  const signal = options.signal ?? new AbortController().signal;
  const userIds = new Memo<number>();
  const labels = new Memo<true>();

  async function ownUserId(): Promise<number> {
    const id = await readUserId(octokit, app.login, userIds);
    if (id === null) throw new Error(`GitHub does not know the App's own account ${app.login}.`);
    return id;
  }

  return {
    headOf: (repository, branch) => readHead(octokit, repository, branch),
    readFile: (repository, path, ref) => readFile(octokit, repository, { path, ref }),
    list: (repository, path, ref) => listDirectory(octokit, repository, { path, ref }),
    roleOf: (repository, login) => readRole(octokit, repository, login),
    userIdOf: (login) => readUserId(octokit, login, userIds),
    issue: (repository, number) => readIssue(octokit, repository, number),
    pullRequest: (repository, number) => readPullRequest(octokit, repository, number),
    changedFiles: (repository, base, head) => readChangedFiles(octokit, repository, { base, head }),
    diff: (repository, base, head) => readDiff(octokit, repository, { base, head }),
    observeChecks: (repository, sha) => observeChecks(octokit, app, { repository, sha }),
    ensureLabel: (repository, issue, label) => ensureLabel(octokit, repository, issue, label, labels),
    removeLabel: (repository, issue, name) => removeLabel(octokit, repository, issue, name),
    ensureComment: async (repository, issueNumber, marker, body) =>
      ensureComment(octokit, repository, { issueNumber, authorId: await ownUserId(), marker, body }),
    ensureReaction: (repository, commentId, reaction) =>
      ensureReaction(octokit, repository, commentId, reaction),
    ensureChecks: (repository, sha, checks) => ensureChecks(octokit, app, { repository, sha }, checks),
    ensurePullRequest: (repository, wanted) => ensurePullRequest(octokit, repository, wanted),
    ensureReadyForReview: (repository, number) => ensureReadyForReview(octokit, repository, number),
    ensureClosed: (repository, number) => ensureClosed(octokit, repository, number),
    merge: (repository, wanted) => mergePullRequest(octokit, repository, wanted),
    dispatchRun: (repository, wanted) => dispatchRun(octokit, { clock, signal }, repository, wanted),
    cancelRun: (repository, runId) => cancelRun(octokit, repository, runId),
    pushToken: (repository) => createPushToken(octokit, installationId, repository),
  };
}
