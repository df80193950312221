import { readCommitBlocking } from "../../git/blocking-reads.ts";
import type { Repository } from "../../hub/entity/repository.ts";
import type { Artifact, Workflow, WorkflowJob, WorkflowRun } from "../../hub/entity/workflow.ts";
import type { Hub } from "../../hub/hub.ts";
import { nodeId } from "../../hub/node-id.ts";
import { repositoryApiUrl, repositoryWebUrl } from "./api-url.ts";
import { presentAccountById } from "./present-account.ts";
import { presentSimpleCommit } from "./present-commit.ts";
import { presentMinimalPull } from "./present-pull.ts";
import { presentRepository } from "./present-repository.ts";

export function presentWorkflow(hub: Hub, workflow: Workflow) {
  const repository = hub.store.repositories.require(workflow.repositoryId);
  const web = repositoryWebUrl(hub, repository);
  const file = workflow.path.replace(/^\.github\//, "");
  return {
    id: workflow.id,
    node_id: nodeId("Workflow", workflow.id),
    name: workflow.name,
    path: workflow.path,
    state: workflow.state,
    created_at: workflow.createdAt,
    updated_at: workflow.updatedAt,
    url: `${repositoryApiUrl(hub, repository)}/actions/workflows/${workflow.id}`,
    html_url: `${web}/blob/${repository.defaultBranch}/${workflow.path}`,
    badge_url: `${web}/${file.replace(/^workflows\//, "actions/workflows/")}/badge.svg`,
  };
}

export function presentRun(hub: Hub, run: WorkflowRun) {
  const repository = hub.store.repositories.require(run.repositoryId);
  return {
    id: run.id,
    name: run.name,
    node_id: nodeId("WorkflowRun", run.id),
    head_branch: run.headBranch,
    head_sha: run.headSha,
    path: run.path,
    display_title: run.displayTitle,
    run_number: run.runNumber,
    event: run.event,
    status: run.status,
    conclusion: run.conclusion,
    workflow_id: run.workflowId,
    check_suite_id: run.checkSuiteId,
    check_suite_node_id: nodeId("CheckSuite", run.checkSuiteId),
    ...runLinks(hub, repository, run),
    pull_requests: run.pullIds.map((id) => presentMinimalPull(hub, hub.store.pulls.require(id))),
    created_at: run.createdAt,
    updated_at: run.updatedAt,
    actor: presentAccountById(hub, run.actorId),
    run_attempt: run.runAttempt,
    referenced_workflows: [],
    run_started_at: run.runStartedAt,
    triggering_actor: presentAccountById(hub, run.triggeringActorId),
    head_commit: presentSimpleCommit(readCommitBlocking(hub.gitDirectory(repository.id), run.headSha)),
    repository: presentRepository(hub, repository),
    head_repository: presentRepository(hub, headRepository(hub, run, repository)),
  };
}

function runLinks(hub: Hub, repository: Repository, run: WorkflowRun) {
  const api = repositoryApiUrl(hub, repository);
  const url = runApiUrl(hub, repository, run.id);
  return {
    url,
    html_url: runWebUrl(hub, repository, run.id),
    jobs_url: `${url}/jobs`,
    logs_url: `${url}/logs`,
    check_suite_url: `${api}/check-suites/${run.checkSuiteId}`,
    artifacts_url: `${url}/artifacts`,
    cancel_url: `${url}/cancel`,
    rerun_url: `${url}/rerun`,
    previous_attempt_url: run.runAttempt > 1 ? `${url}/attempts/${run.runAttempt - 1}` : null,
    workflow_url: `${api}/actions/workflows/${run.workflowId}`,
  };
}

/** A pull request from a fork has its head there. */
function headRepository(hub: Hub, run: WorkflowRun, repository: Repository): Repository {
  const [pullId] = run.pullIds;
  const headId = pullId === undefined ? null : hub.store.pulls.require(pullId).head.repositoryId;
  return (headId === null ? undefined : hub.store.repositories.get(headId)) ?? repository;
}

export function runApiUrl(hub: Hub, repository: Repository, runId: number): string {
  return `${repositoryApiUrl(hub, repository)}/actions/runs/${runId}`;
}

export function runWebUrl(hub: Hub, repository: Repository, runId: number): string {
  return `${repositoryWebUrl(hub, repository)}/actions/runs/${runId}`;
}

export function presentJob(hub: Hub, job: WorkflowJob) {
  const repository = hub.store.repositories.require(job.repositoryId);
  const run = hub.store.workflowRuns.require(job.runId);
  const api = repositoryApiUrl(hub, repository);
  const hasRunner = job.runnerName !== null;
  return {
    id: job.id,
    run_id: job.runId,
    workflow_name: run.name,
    head_branch: run.headBranch,
    run_url: runApiUrl(hub, repository, run.id),
    run_attempt: job.runAttempt,
    node_id: nodeId("CheckRun", job.id),
    head_sha: run.headSha,
    url: `${api}/actions/jobs/${job.id}`,
    html_url: `${runWebUrl(hub, repository, run.id)}/job/${job.id}`,
    status: job.status,
    conclusion: job.conclusion,
    created_at: job.createdAt,
    // GitHub fills it in while a job waits, too.
    started_at: job.startedAt ?? job.createdAt,
    completed_at: job.completedAt,
    name: job.name,
    steps: job.steps.map((step) => ({
      name: step.name,
      status: step.status,
      conclusion: step.conclusion,
      number: step.number,
      started_at: step.startedAt,
      completed_at: step.completedAt,
    })),
    check_run_url: `${api}/check-runs/${job.checkRunId}`,
    labels: job.labels,
    runner_id: hasRunner ? job.id : null,
    runner_name: job.runnerName,
    runner_group_id: hasRunner ? 1 : null,
    runner_group_name: hasRunner ? "Default" : null,
  };
}

export function presentArtifact(hub: Hub, artifact: Artifact) {
  const repository = hub.store.repositories.require(artifact.repositoryId);
  const run = hub.store.workflowRuns.require(artifact.runId);
  const url = `${repositoryApiUrl(hub, repository)}/actions/artifacts/${artifact.id}`;
  return {
    id: artifact.id,
    node_id: nodeId("Artifact", artifact.id),
    name: artifact.name,
    size_in_bytes: artifact.sizeBytes,
    url,
    archive_download_url: `${url}/zip`,
    expired: isExpired(hub, artifact),
    digest: artifact.digest,
    created_at: artifact.createdAt,
    updated_at: artifact.updatedAt,
    expires_at: artifact.expiresAt,
    workflow_run: {
      id: run.id,
      repository_id: run.repositoryId,
      head_repository_id: headRepository(hub, run, repository).id,
      head_branch: run.headBranch,
      head_sha: run.headSha,
    },
  };
}

export function isExpired(hub: Hub, artifact: Artifact): boolean {
  return Date.parse(artifact.expiresAt) <= hub.date().getTime();
}
