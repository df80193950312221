import type { ForgeRequest } from "../../forge-context.ts";
import type { Repository } from "../../hub/entity/repository.ts";
import type { Artifact, WorkflowJob, WorkflowRun } from "../../hub/entity/workflow.ts";
import type { Hub } from "../../hub/hub.ts";
import { requireRepository } from "../require-access.ts";
import { notFound } from "../rest-refusal.ts";

export const readActions = { permission: "actions", access: "read" } as const;
export const writeActions = { permission: "actions", access: "write" } as const;

type ActionsAccess = typeof readActions | typeof writeActions;

/** The run that `:run_id` names, in a repository where the caller has the access. */
export function requireRun(c: ForgeRequest, hub: Hub, access: ActionsAccess): WorkflowRun {
  const repository = requireRepository(c, hub, access);
  return own(repository, hub.store.workflowRuns.get(Number(c.req.param("run_id"))));
}

export function requireJob(c: ForgeRequest, hub: Hub, access: ActionsAccess): WorkflowJob {
  const repository = requireRepository(c, hub, access);
  return own(repository, hub.store.workflowJobs.get(Number(c.req.param("job_id"))));
}

export function requireArtifact(c: ForgeRequest, hub: Hub, access: ActionsAccess): Artifact {
  const repository = requireRepository(c, hub, access);
  return own(repository, hub.store.artifacts.get(Number(c.req.param("artifact_id"))));
}

function own<T extends { repositoryId: number }>(repository: Repository, found: T | undefined): T {
  if (found?.repositoryId !== repository.id) throw notFound();
  return found;
}
