import type { WorkflowJob, WorkflowRun } from "../hub/entity/workflow.ts";
import { fullName } from "../hub/find-repository.ts";
import type { Hub } from "../hub/hub.ts";
import { githubContext } from "../actions/engine/run-context.ts";

export interface JobIdentity {
  run: WorkflowRun;
  job: WorkflowJob;
  runnerEnvironment: "github-hosted" | "self-hosted";
}

/** What an OIDC token says of a job, by GitHub's "OpenID Connect reference". All values are text, as there. */
export function jobClaims(hub: Hub, { run, job, runnerEnvironment }: JobIdentity): Record<string, unknown> {
  const repository = hub.store.repositories.require(run.repositoryId);
  const github = githubContext(hub, run) as Record<string, string | boolean>;
  return {
    sub: `repo:${fullName(hub, repository)}:${subject(run, job)}`,
    ref: github["ref"],
    ref_type: github["ref_type"],
    ref_protected: String(github["ref_protected"]),
    sha: github["sha"],
    repository: github["repository"],
    repository_id: github["repository_id"],
    repository_owner: github["repository_owner"],
    repository_owner_id: github["repository_owner_id"],
    repository_visibility: repository.private ? "private" : "public",
    run_id: github["run_id"],
    run_number: github["run_number"],
    run_attempt: github["run_attempt"],
    actor: github["actor"],
    actor_id: github["actor_id"],
    workflow: github["workflow"],
    workflow_ref: github["workflow_ref"],
    workflow_sha: github["workflow_sha"],
    job_workflow_ref: github["workflow_ref"],
    job_workflow_sha: github["workflow_sha"],
    head_ref: github["head_ref"],
    base_ref: github["base_ref"],
    event_name: github["event_name"],
    runner_environment: runnerEnvironment,
    check_run_id: String(job.checkRunId),
    ...(job.environment !== null && { environment: job.environment }),
  };
}

/** An environment goes before everything; a pull request stands for its reference. */
function subject(run: WorkflowRun, job: WorkflowJob): string {
  if (job.environment !== null) return `environment:${encodeColons(job.environment)}`;
  if (run.event === "pull_request") return "pull_request";
  return `ref:${run.ref}`;
}

/** GitHub encodes the separator inside a value, so that no name can pass for another claim. */
function encodeColons(value: string): string {
  return value.replaceAll(":", "%3A");
}
