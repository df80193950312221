import type { Repository } from "../../hub/entity/repository.ts";
import type { WorkflowRun } from "../../hub/entity/workflow.ts";
import { fullName } from "../../hub/find-repository.ts";
import type { Hub } from "../../hub/hub.ts";

/** Days that GitHub keeps logs and artifacts by default. */
export const retentionDays = 90;

/**
 * The commit that a run is of: `github.sha`. A run for a pull request reports on its head but is of the test
 * merge, which the event that started it names.
 */
export function runCommit(run: WorkflowRun): string {
  const pull = run.eventPayload["pull_request"] as { merge_commit_sha?: string | null } | undefined;
  return (run.ref.startsWith("refs/pull/") ? pull?.merge_commit_sha : null) ?? run.headSha;
}

/** Runs for pull requests from other repositories get neither secrets nor write access. */
export function isFromFork(hub: Hub, run: WorkflowRun): boolean {
  return run.pullIds.some((id) => hub.store.pulls.require(id).head.repositoryId !== run.repositoryId);
}

/** The `github` context of a run, before any job is known. */
export function githubContext(hub: Hub, run: WorkflowRun): Record<string, unknown> {
  const repository = hub.store.repositories.require(run.repositoryId);
  const owner = hub.store.accounts.require(repository.ownerId);
  const actor = hub.store.accounts.require(run.actorId);
  const name = fullName(hub, repository);
  return {
    actor: actor.login,
    actor_id: String(actor.id),
    triggering_actor: hub.store.accounts.require(run.triggeringActorId).login,
    repository: name,
    repository_id: String(repository.id),
    repository_owner: owner.login,
    repository_owner_id: String(owner.id),
    repositoryUrl: `${hub.url.replace(/^http/, "git")}/${name}.git`,
    server_url: hub.url,
    api_url: `${hub.url}/api/v3`,
    graphql_url: `${hub.url}/api/graphql`,
    event_name: run.event,
    event: run.eventPayload,
    run_id: String(run.id),
    run_number: String(run.runNumber),
    run_attempt: String(run.runAttempt),
    retention_days: String(retentionDays),
    secret_source: isFromFork(hub, run) ? "None" : "Actions",
    workflow: run.name,
    workflow_ref: `${name}/${run.path}@${run.ref}`,
    workflow_sha: runCommit(run),
    sha: runCommit(run),
    ...refContext(hub, run, repository),
  };
}

function refContext(hub: Hub, run: WorkflowRun, repository: Repository): Record<string, unknown> {
  const isTag = run.ref.startsWith("refs/tags/");
  const refName = run.ref.replace(/^refs\/(heads|tags|pull)\//, "");
  const protection = hub.store.branchProtections.findOne({ repositoryId: repository.id, branch: refName });
  const [pullId] = run.pullIds;
  const pull = pullId === undefined ? undefined : hub.store.pulls.require(pullId);
  return {
    ref: run.ref,
    ref_name: refName,
    ref_type: isTag ? "tag" : "branch",
    ref_protected: protection !== undefined,
    head_ref: pull?.head.ref ?? "",
    base_ref: pull?.base.ref ?? "",
  };
}
