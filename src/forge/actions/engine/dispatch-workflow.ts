import { readRef } from "../../git/read-refs.ts";
import { resolveCommit } from "../../git/resolve-revision.ts";
import type { Repository } from "../../hub/entity/repository.ts";
import type { Workflow as WorkflowRecord } from "../../hub/entity/workflow.ts";
import type { Actor } from "../../hub/hub-event.ts";
import type { PayloadRegistry } from "../../webhooks/payload-registry.ts";
import { dispatchInputs } from "./dispatch-inputs.ts";
import type { EngineServices } from "./engine-services.ts";
import { insertRun } from "./record-run.ts";
import { runName } from "./run-name.ts";
import type { TriggeredRun } from "./trigger-workflows.ts";
import { readWorkflowFiles } from "./workflow-catalog.ts";

export interface DispatchRequest {
  repository: Repository;
  workflow: WorkflowRecord;
  /** Branch or tag, with or without `refs/heads/`. */
  ref: string;
  inputs: Record<string, unknown>;
  actor: Actor;
}

export type DispatchOutcome = { ok: true; triggered: TriggeredRun } | { ok: false; problem: string };

/**
 * Starts a workflow by hand. Its file must be on the default branch, and is read from the branch or tag that it is
 * dispatched on. Refusals have GitHub's wording and are for a 422.
 */
export async function dispatchWorkflow(
  services: EngineServices,
  payloads: PayloadRegistry,
  request: DispatchRequest,
): Promise<DispatchOutcome> {
  const { hub } = services;
  const { repository, workflow: record, actor } = request;
  const gitDirectory = hub.gitDirectory(repository.id);
  const ref = await fullRef(gitDirectory, request.ref);
  const commit = ref === undefined ? undefined : await resolveCommit(gitDirectory, ref);
  if (ref === undefined || commit === undefined) return refused(`No ref found for: ${request.ref}`);
  const file = (await readWorkflowFiles(hub, repository, commit)).find(({ path }) => path === record.path);
  if (file === undefined) return refused(`Workflow '${record.path}' does not exist on '${request.ref}'`);
  if (!file.parsed.ok) return refused(`failed to parse workflow: ${file.parsed.problems.join("\n")}`);
  const { workflow } = file.parsed;
  if (!("workflow_dispatch" in workflow.triggers))
    return refused("Workflow does not have 'workflow_dispatch' trigger");
  const taken = dispatchInputs(workflow.inputs, request.inputs);
  if (!taken.ok) return refused(taken.problem);

  const run = hub.change(() => {
    const event = {
      name: "workflow_dispatch",
      action: null,
      repositoryId: repository.id,
      actor,
      workflowPath: record.path,
      ref,
      inputs: taken.event,
    } as const;
    hub.emit(event);
    const newRun = {
      repositoryId: repository.id,
      workflowId: record.id,
      name: workflow.name,
      path: record.path,
      event: event.name,
      headBranch: ref.replace(/^refs\/(heads|tags)\//, ""),
      headSha: commit,
      ref,
      actorId: actor.accountId,
      eventPayload: payloads.compose(event),
      inputs: taken.inputs,
      pullIds: [],
    };
    return insertRun(hub, newRun, (recorded) => runName(hub, recorded, workflow) ?? workflow.name);
  });
  return { ok: true, triggered: { run, workflow } };
}

async function fullRef(gitDirectory: string, ref: string): Promise<string | undefined> {
  const candidates = ref.startsWith("refs/") ? [ref] : [`refs/heads/${ref}`, `refs/tags/${ref}`];
  for (const candidate of candidates) {
    if ((await readRef(gitDirectory, candidate)) !== undefined) return candidate;
  }
  return undefined;
}

function refused(problem: string): DispatchOutcome {
  return { ok: false, problem };
}
