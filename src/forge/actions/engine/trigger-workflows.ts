import type { WorkflowRun } from "../../hub/entity/workflow.ts";
import type { Actor, HubEvent } from "../../hub/hub-event.ts";
import type { Hub } from "../../hub/hub.ts";
import { passesFilter } from "../workflow/event-filter.ts";
import type { Workflow } from "../workflow/workflow.ts";
import { describeOccurrence, type WorkflowOccurrence } from "./describe-occurrence.ts";
import type { EngineServices } from "./engine-services.ts";
import { writeStartupLog } from "./job-logs.ts";
import { completeRun, insertRun } from "./record-run.ts";
import { runName } from "./run-name.ts";
import { readWorkflowFiles, registerWorkflow, type WorkflowFile } from "./workflow-catalog.ts";

export interface TriggeredRun {
  run: WorkflowRun;
  workflow: Workflow;
}

export interface Trigger {
  event: HubEvent & { repositoryId: number };
  /** `github.event`, built when the event happened. */
  payload: Record<string, unknown>;
}

/** Records a run for each workflow that an event starts. */
export async function triggerWorkflows(services: EngineServices, trigger: Trigger): Promise<TriggeredRun[]> {
  const { hub } = services;
  const { event, payload } = trigger;
  const repository = hub.store.repositories.get(event.repositoryId);
  if (repository === undefined || !mayTrigger(services, event)) return [];
  const occurrence = await describeOccurrence(hub, repository, event);
  if (occurrence === null || isSkipped(occurrence)) return [];
  const runs: TriggeredRun[] = [];
  for (const file of await readWorkflowFiles(hub, repository, occurrence.commit)) {
    const record = registerWorkflow(hub, repository, file);
    if (record.state !== "active") continue;
    const shared = { services, repositoryId: repository.id, workflowId: record.id, actor: event.actor };
    const run = await startFile({ ...shared, file, occurrence, payload });
    if (run !== null) runs.push(run);
  }
  return runs;
}

/**
 * What a job does with its GITHUB_TOKEN starts nothing, and neither do checks of workflows themselves: both would
 * go round in circles. Runs may follow upon runs, but not without end.
 */
function mayTrigger({ hub }: EngineServices, event: HubEvent): boolean {
  if (event.name === "check_run")
    return hub.store.checkRuns.get(event.checkRunId)?.appId !== hub.actionsApp.id;
  if (event.name === "check_suite") {
    return hub.store.checkSuites.get(event.checkSuiteId)?.appId !== hub.actionsApp.id;
  }
  if (event.name === "workflow_run") return chainLength(hub, event.runId) < longestChain;
  return !event.actor.viaJobToken;
}

/** GitHub lets runs follow upon one another by `workflow_run` this many times. */
const longestChain = 3;

function chainLength(hub: Hub, runId: number): number {
  const run = hub.store.workflowRuns.get(runId);
  if (run?.event !== "workflow_run") return 0;
  const before = run.eventPayload["workflow_run"] as { id?: number } | undefined;
  return 1 + chainLength(hub, before?.id ?? 0);
}

const skipMarks = ["[skip ci]", "[ci skip]", "[no ci]", "[skip actions]", "[actions skip]"];

function isSkipped({ commitMessage }: WorkflowOccurrence): boolean {
  return (
    skipMarks.some((mark) => commitMessage.includes(mark)) || /^skip-checks: ?true$/m.test(commitMessage)
  );
}

interface FileStart {
  services: EngineServices;
  repositoryId: number;
  workflowId: number;
  actor: Actor;
  file: WorkflowFile;
  occurrence: WorkflowOccurrence;
  payload: Record<string, unknown>;
}

async function startFile(start: FileStart): Promise<TriggeredRun | null> {
  const { services, file, occurrence } = start;
  if (!file.parsed.ok) {
    // What an unreadable file waits for is unknown. GitHub reports it with every push, and so does this.
    if (occurrence.event === "push") recordInvalid(start, file.parsed.problems);
    return null;
  }
  const { workflow } = file.parsed;
  const filter = workflow.triggers[occurrence.event];
  if (filter === undefined || !(await passesFilter(filter, occurrence))) return null;
  const run = record(start, workflow.name, (recorded) => {
    return runName(services.hub, recorded, workflow) ?? occurrence.title ?? workflow.name;
  });
  return { run, workflow };
}

function recordInvalid(start: FileStart, problems: string[]): void {
  const { hub, files } = start.services;
  const { path } = start.file;
  const run = record(start, path, () => start.occurrence.title ?? path);
  writeStartupLog(files, { id: run.id, at: hub.date() }, problems);
  completeRun(hub, run.id, "failure");
}

function record(start: FileStart, name: string, title: (run: WorkflowRun) => string): WorkflowRun {
  const { services, repositoryId, workflowId, actor, file, occurrence, payload } = start;
  const run = {
    repositoryId,
    workflowId,
    name,
    path: file.path,
    event: occurrence.event,
    headBranch: occurrence.headBranch,
    headSha: occurrence.headSha,
    ref: occurrence.runRef,
    actorId: actor.accountId,
    eventPayload: payload,
    inputs: {},
    pullIds: occurrence.pullIds,
  };
  return insertRun(services.hub, run, title);
}
