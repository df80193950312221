import type { CheckConclusion } from "../../hub/entity/check.ts";
import type { WorkflowRun } from "../../hub/entity/workflow.ts";
import type { Actor } from "../../hub/hub-event.ts";
import type { Hub } from "../../hub/hub.ts";

/** What a new run is made of; the rest follows from the moment and the repository. */
export type NewRun = Pick<
  WorkflowRun,
  | "repositoryId"
  | "workflowId"
  | "name"
  | "path"
  | "event"
  | "headBranch"
  | "headSha"
  | "ref"
  | "actorId"
  | "eventPayload"
  | "inputs"
  | "pullIds"
>;

/**
 * Records a run that waits to start, with the check suite that its jobs report to.
 * @param title names the run, once its number is known
 */
export function insertRun(hub: Hub, run: NewRun, title: (run: WorkflowRun) => string): WorkflowRun {
  return hub.change(() => {
    const now = hub.now();
    const suite = hub.store.checkSuites.insert({
      repositoryId: run.repositoryId,
      appId: hub.actionsApp.id,
      headBranch: run.headBranch,
      headSha: run.headSha,
      before: null,
      after: run.headSha,
      status: "queued",
      conclusion: null,
      createdAt: now,
      updatedAt: now,
    });
    const earlier = hub.store.workflowRuns.findLast({ workflowId: run.workflowId });
    const untitled = hub.store.workflowRuns.insert({
      ...run,
      displayTitle: run.name,
      checkSuiteId: suite.id,
      runNumber: (earlier?.runNumber ?? 0) + 1,
      runAttempt: 1,
      status: "queued",
      conclusion: null,
      triggeringActorId: run.actorId,
      cancelRequested: false,
      runStartedAt: now,
      createdAt: now,
      updatedAt: now,
    });
    const recorded = hub.store.workflowRuns.update(untitled.id, { displayTitle: title(untitled) });
    emitRun(hub, recorded, "requested");
    return recorded;
  });
}

/** Records that a run starts over, as its next attempt. */
export function beginAttempt(hub: Hub, run: WorkflowRun, triggeringActorId: number): WorkflowRun {
  return hub.change(() => {
    const now = hub.now();
    const attempt = hub.store.workflowRuns.update(run.id, {
      runAttempt: run.runAttempt + 1,
      status: "queued",
      conclusion: null,
      triggeringActorId,
      cancelRequested: false,
      runStartedAt: now,
      updatedAt: now,
    });
    hub.store.checkSuites.update(run.checkSuiteId, { status: "queued", conclusion: null, updatedAt: now });
    emitRun(hub, attempt, "requested");
    return attempt;
  });
}

/** Records that a run waits for its concurrency group. */
export function markRunPending(hub: Hub, runId: number): void {
  hub.change(() => hub.store.workflowRuns.update(runId, { status: "pending", updatedAt: hub.now() }));
}

/** Records that the first job of a run has started; later calls change nothing. */
export function markRunStarted(hub: Hub, runId: number): void {
  hub.change(() => {
    const run = hub.store.workflowRuns.require(runId);
    if (run.status === "in_progress" || run.status === "completed") return;
    const started = hub.store.workflowRuns.update(runId, { status: "in_progress", updatedAt: hub.now() });
    hub.store.checkSuites.update(run.checkSuiteId, { status: "in_progress", updatedAt: hub.now() });
    emitRun(hub, started, "in_progress");
  });
}

export function markCancelRequested(hub: Hub, runId: number): void {
  hub.change(() => hub.store.workflowRuns.update(runId, { cancelRequested: true, updatedAt: hub.now() }));
}

export function completeRun(hub: Hub, runId: number, conclusion: CheckConclusion): WorkflowRun {
  return hub.change(() => {
    const run = hub.store.workflowRuns.update(runId, {
      status: "completed",
      conclusion,
      updatedAt: hub.now(),
    });
    hub.store.checkSuites.update(run.checkSuiteId, { status: "completed", conclusion, updatedAt: hub.now() });
    hub.emit({
      name: "check_suite",
      action: "completed",
      repositoryId: run.repositoryId,
      actor: runActor(run),
      checkSuiteId: run.checkSuiteId,
    });
    emitRun(hub, run, "completed");
    return run;
  });
}

/** Whoever started the attempt is the sender of its events. */
export function runActor(run: WorkflowRun): Actor {
  return { accountId: run.triggeringActorId, appId: null, viaJobToken: false };
}

function emitRun(hub: Hub, run: WorkflowRun, action: "requested" | "in_progress" | "completed"): void {
  const { repositoryId, id: runId } = run;
  hub.emit({ name: "workflow_run", action, repositoryId, actor: runActor(run), runId });
}
