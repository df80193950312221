import type { CheckAnnotation, CheckConclusion, CheckRun } from "../../hub/entity/check.ts";
import type { WorkflowJob, WorkflowRun, WorkflowStep } from "../../hub/entity/workflow.ts";
import type { Hub } from "../../hub/hub.ts";
import { fullName } from "../../hub/find-repository.ts";
import type { JobPermissions } from "../workflow/job-permissions.ts";
import type { StepReport } from "../worker/worker-message.ts";
import { runActor } from "./record-run.ts";

export interface NewJob {
  run: WorkflowRun;
  key: string;
  name: string;
  labels: string[];
  permissions: JobPermissions;
  environment: string | null;
}

/** Records a job that waits to start, and the check run of the same id that shows it on the commit. */
export function insertJob(hub: Hub, job: NewJob): WorkflowJob {
  return hub.change(() => {
    const recorded = insert(hub, job);
    emitCheck(hub, job.run, recorded, "created");
    emitJob(hub, job.run, recorded, "queued");
    return recorded;
  });
}

/** Records a job that its condition, or a job that it needs, left out. */
export function insertSkippedJob(hub: Hub, job: NewJob): WorkflowJob {
  return hub.change(() => {
    const recorded = insert(hub, job);
    emitCheck(hub, job.run, recorded, "created");
    return completeJob(hub, { run: job.run, jobId: recorded.id, conclusion: "skipped", outputs: {} });
  });
}

function insert(hub: Hub, { run, permissions, ...job }: NewJob): WorkflowJob {
  const now = hub.now();
  const check = insertCheckRun(hub, run, job.name);
  const record: WorkflowJob = {
    ...job,
    // A job and its check run have one id on GitHub, and clients take the one for the other.
    id: check.id,
    checkRunId: check.id,
    repositoryId: run.repositoryId,
    runId: run.id,
    runAttempt: run.runAttempt,
    permissions,
    status: "queued",
    conclusion: null,
    steps: [],
    outputs: {},
    runnerName: null,
    createdAt: now,
    startedAt: null,
    completedAt: null,
  };
  return hub.store.workflowJobs.insert(record);
}

function insertCheckRun(hub: Hub, run: WorkflowRun, name: string): CheckRun {
  const check = hub.store.checkRuns.insert({
    repositoryId: run.repositoryId,
    suiteId: run.checkSuiteId,
    appId: hub.actionsApp.id,
    name,
    headSha: run.headSha,
    externalId: "",
    detailsUrl: null,
    status: "queued",
    conclusion: null,
    startedAt: hub.now(),
    completedAt: null,
    output: { title: null, summary: null, text: null, annotations: [] },
    actions: [],
  });
  const repository = fullName(hub, hub.store.repositories.require(run.repositoryId));
  const detailsUrl = `${hub.url}/${repository}/actions/runs/${run.id}/job/${check.id}`;
  return hub.store.checkRuns.update(check.id, { detailsUrl, externalId: String(check.id) });
}

export function markJobPending(hub: Hub, jobId: number): void {
  hub.change(() => {
    hub.store.workflowJobs.update(jobId, { status: "pending" });
    hub.store.checkRuns.update(jobId, { status: "pending" });
  });
}

export function markJobStarted(
  hub: Hub,
  run: WorkflowRun,
  { jobId, runnerName }: { jobId: number; runnerName: string },
): void {
  hub.change(() => {
    const startedAt = hub.now();
    const job = hub.store.workflowJobs.update(jobId, { status: "in_progress", startedAt, runnerName });
    hub.store.checkRuns.update(job.checkRunId, { status: "in_progress", startedAt });
    emitJob(hub, run, job, "in_progress");
  });
}

/** Takes over the state of a job's steps; when each began and ended is the time of the report. */
export function recordSteps(hub: Hub, jobId: number, reports: readonly StepReport[]): void {
  hub.change(() => {
    const known = new Map(hub.store.workflowJobs.require(jobId).steps.map((step) => [step.number, step]));
    const now = hub.now();
    const steps = reports.map((report): WorkflowStep => {
      const before = known.get(report.number);
      const hasStarted = report.status !== "queued" && report.conclusion !== "skipped";
      return {
        ...report,
        startedAt: before?.startedAt ?? (hasStarted || report.status === "completed" ? now : null),
        completedAt: before?.completedAt ?? (report.status === "completed" ? now : null),
      };
    });
    hub.store.workflowJobs.update(jobId, { steps });
  });
}

/** GitHub keeps at most this many annotations of a job. */
const annotationLimit = 50;

export function recordAnnotation(hub: Hub, jobId: number, annotation: CheckAnnotation): void {
  hub.change(() => {
    const { checkRunId } = hub.store.workflowJobs.require(jobId);
    const { output } = hub.store.checkRuns.require(checkRunId);
    if (output.annotations.length >= annotationLimit) return;
    const annotations = [...output.annotations, annotation];
    hub.store.checkRuns.update(checkRunId, { output: { ...output, annotations } });
  });
}

export interface JobCompletion {
  run: WorkflowRun;
  jobId: number;
  conclusion: CheckConclusion;
  outputs: Record<string, string>;
}

export function completeJob(hub: Hub, { run, jobId, conclusion, outputs }: JobCompletion): WorkflowJob {
  return hub.change(() => {
    const completedAt = hub.now();
    const before = hub.store.workflowJobs.require(jobId);
    const job = hub.store.workflowJobs.update(jobId, {
      status: "completed",
      conclusion,
      outputs,
      steps: before.steps.map((step) => endStep(step, conclusion, completedAt)),
      startedAt: before.startedAt ?? completedAt,
      completedAt,
    });
    hub.store.checkRuns.update(job.checkRunId, { status: "completed", conclusion, completedAt });
    emitCheck(hub, run, job, "completed");
    emitJob(hub, run, job, "completed");
    return job;
  });
}

/** A worker that was lost or killed leaves steps that nobody ended. */
function endStep(step: WorkflowStep, conclusion: CheckConclusion, completedAt: string): WorkflowStep {
  if (step.status === "completed") return step;
  const ended = step.status === "in_progress" ? conclusion : "skipped";
  return {
    ...step,
    status: "completed",
    conclusion: ended,
    startedAt: step.startedAt ?? completedAt,
    completedAt,
  };
}

function emitJob(
  hub: Hub,
  run: WorkflowRun,
  job: WorkflowJob,
  action: "queued" | "in_progress" | "completed",
): void {
  const { repositoryId } = run;
  hub.emit({ name: "workflow_job", action, repositoryId, actor: runActor(run), jobId: job.id });
}

function emitCheck(hub: Hub, run: WorkflowRun, job: WorkflowJob, action: "created" | "completed"): void {
  const { repositoryId } = run;
  hub.emit({ name: "check_run", action, repositoryId, actor: runActor(run), checkRunId: job.checkRunId });
}
