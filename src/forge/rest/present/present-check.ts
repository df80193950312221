import { readCommitBlocking } from "../../git/blocking-reads.ts";
import { newestRuns } from "../../hub/check/check-run.ts";
import type { CheckAnnotation, CheckRun, CheckSuite } from "../../hub/entity/check.ts";
import type { Pull } from "../../hub/entity/pull.ts";
import type { Repository } from "../../hub/entity/repository.ts";
import type { Hub } from "../../hub/hub.ts";
import { nodeId } from "../../hub/node-id.ts";
import { findOpenPulls } from "../../hub/pull/find-pull.ts";
import { repositoryApiUrl, repositoryWebUrl } from "./api-url.ts";
import { presentAppById } from "./present-app.ts";
import { presentSimpleCommit } from "./present-commit.ts";
import { presentMinimalPull } from "./present-pull.ts";
import { presentRepository } from "./present-repository.ts";

export function presentCheckRun(hub: Hub, run: CheckRun) {
  const repository = hub.store.repositories.require(run.repositoryId);
  const url = `${repositoryApiUrl(hub, repository)}/check-runs/${run.id}`;
  const htmlUrl = `${repositoryWebUrl(hub, repository)}/runs/${run.id}`;
  const { title, summary, text, annotations } = run.output;
  return {
    id: run.id,
    name: run.name,
    node_id: nodeId("CheckRun", run.id),
    head_sha: run.headSha,
    external_id: run.externalId,
    url,
    html_url: htmlUrl,
    details_url: run.detailsUrl ?? htmlUrl,
    status: run.status,
    conclusion: run.conclusion,
    started_at: run.startedAt,
    completed_at: run.completedAt,
    output: {
      title,
      summary,
      text,
      annotations_count: annotations.length,
      annotations_url: `${url}/annotations`,
    },
    check_suite: { id: run.suiteId },
    app: presentAppById(hub, run.appId),
    pull_requests: pullsWithHead(hub, repository, run.headSha).map((pull) => presentMinimalPull(hub, pull)),
  };
}

/** In webhooks a check run carries its suite. */
export function presentCheckRunPayload(hub: Hub, run: CheckRun) {
  const suite = hub.store.checkSuites.require(run.suiteId);
  const repository = hub.store.repositories.require(run.repositoryId);
  return {
    ...presentCheckRun(hub, run),
    check_suite: {
      id: suite.id,
      node_id: nodeId("CheckSuite", suite.id),
      head_branch: suite.headBranch,
      head_sha: suite.headSha,
      status: suite.status,
      conclusion: suite.conclusion,
      url: suiteUrl(hub, repository, suite),
      before: suite.before,
      after: suite.after,
      pull_requests: pullsWithHead(hub, repository, suite.headSha).map((pull) =>
        presentMinimalPull(hub, pull),
      ),
      app: presentAppById(hub, suite.appId),
      created_at: suite.createdAt,
      updated_at: suite.updatedAt,
    },
  };
}

export function presentCheckSuite(hub: Hub, suite: CheckSuite) {
  const repository = hub.store.repositories.require(suite.repositoryId);
  return { ...presentCheckSuitePayload(hub, suite), repository: presentRepository(hub, repository) };
}

/** In webhooks the repository stands beside the suite and not in it. */
export function presentCheckSuitePayload(hub: Hub, suite: CheckSuite) {
  const repository = hub.store.repositories.require(suite.repositoryId);
  const url = suiteUrl(hub, repository, suite);
  const commit = readCommitBlocking(hub.gitDirectory(repository.id), suite.headSha);
  return {
    id: suite.id,
    node_id: nodeId("CheckSuite", suite.id),
    head_branch: suite.headBranch,
    head_sha: suite.headSha,
    status: suite.status,
    conclusion: suite.conclusion,
    url,
    before: suite.before,
    after: suite.after,
    pull_requests: pullsWithHead(hub, repository, suite.headSha).map((pull) => presentMinimalPull(hub, pull)),
    app: presentAppById(hub, suite.appId),
    created_at: suite.createdAt,
    updated_at: suite.updatedAt,
    rerequestable: true,
    runs_rerequestable: true,
    latest_check_runs_count: newestRuns(hub.store.checkRuns.find({ suiteId: suite.id })).length,
    check_runs_url: `${url}/check-runs`,
    head_commit: presentSimpleCommit(commit),
  };
}

export function presentAnnotation(
  hub: Hub,
  { run, annotation }: { run: CheckRun; annotation: CheckAnnotation },
) {
  const repository = hub.store.repositories.require(run.repositoryId);
  const path = annotation.path.split("/").map(encodeURIComponent).join("/");
  return {
    path: annotation.path,
    blob_href: `${repositoryWebUrl(hub, repository)}/blob/${run.headSha}/${path}`,
    start_line: annotation.startLine,
    start_column: annotation.startColumn,
    end_line: annotation.endLine,
    end_column: annotation.endColumn,
    annotation_level: annotation.level,
    title: annotation.title,
    message: annotation.message,
    raw_details: annotation.rawDetails,
  };
}

/** Checks belong to a commit; GitHub names the open pull requests of the same repository whose head it is. */
function pullsWithHead(hub: Hub, repository: Repository, sha: string): Pull[] {
  return findOpenPulls(
    hub,
    ({ head, repositoryId }) =>
      repositoryId === repository.id && head.sha === sha && head.repositoryId === repository.id,
  );
}

function suiteUrl(hub: Hub, repository: Repository, suite: CheckSuite): string {
  return `${repositoryApiUrl(hub, repository)}/check-suites/${suite.id}`;
}
