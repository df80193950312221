import { rm } from "node:fs/promises";

import type { CheckAnnotation } from "../../hub/entity/check.ts";
import { permissionNames } from "../../hub/entity/permission.ts";
import type { WorkflowJob, WorkflowRun } from "../../hub/entity/workflow.ts";
import { createJobToken, revokeToken } from "../../hub/setup/create-token.ts";
import { jobPermissions } from "../workflow/job-permissions.ts";
import type { Workflow } from "../workflow/workflow.ts";
import type { AnnotationReport } from "../worker/worker-message.ts";
import { answerWorker } from "./answer-worker.ts";
import { buildAssignment } from "./build-assignment.ts";
import type { EngineServices } from "./engine-services.ts";
import { appendToJobLog } from "./job-logs.ts";
import type { JobPlan } from "./plan-job.ts";
import {
  completeJob,
  insertJob,
  markJobPending,
  markJobStarted,
  recordAnnotation,
  recordSteps,
} from "./record-job.ts";
import { markRunStarted } from "./record-run.ts";
import { isFromFork } from "./run-context.ts";
import { startWorker, type WorkerEnd } from "./start-worker.ts";

export interface JobRequest {
  run: WorkflowRun;
  workflow: Workflow;
  plan: JobPlan;
  needs: Record<string, unknown>;
  /** The concurrency group that the run itself holds. */
  runGroup: string | null;
  control: JobControl;
}

/** How a job is told to stop, wherever it is by then. */
export interface JobControl {
  /** Aborted to give up waiting for a group or a slot. */
  waiting: AbortController;
  cancelWorker: (() => void) | null;
  killWorker: (() => void) | null;
}

export function createJobControl(): JobControl {
  return { waiting: new AbortController(), cancelWorker: null, killWorker: null };
}

/** Takes one job from its record to its end. */
export async function executeJob(services: EngineServices, request: JobRequest): Promise<WorkflowJob> {
  const { hub } = services;
  const { run, plan } = request;
  const job = recordNewJob(services, request);
  const refusals = [...plan.refusals, ...deadlock(request)];
  if (refusals.length > 0) return refuseJob(services, request, { job, refusals });
  const leaveGroup = await enterGroup(services, request, job);
  const leaveSlot = leaveGroup === null ? null : await services.slots.take(request.control.waiting.signal);
  try {
    // The cancellation may have come between the slot and this line.
    const isCancelled = leaveSlot === null || request.control.waiting.signal.aborted;
    if (isCancelled || services.closing.aborted) {
      return endJob(services, { run, jobId: job.id, conclusion: "cancelled", outputs: {} });
    }
    markRunStarted(hub, run.id);
    return await runJob(services, request, job);
  } finally {
    leaveSlot?.();
    leaveGroup?.();
  }
}

function recordNewJob({ hub, settings }: EngineServices, { run, workflow, plan }: JobRequest): WorkflowJob {
  const permissions = jobPermissions({
    workflow: workflow.permissions,
    job: plan.definition.permissions,
    defaults: settings.defaultPermissions,
    fromFork: isFromFork(hub, run),
  });
  const { name, labels, environment } = plan;
  return insertJob(hub, { run, key: plan.definition.key, name, labels, environment, permissions });
}

function deadlock({ plan, runGroup }: JobRequest): string[] {
  const group = plan.concurrency?.group;
  if (group === undefined || group.toLowerCase() !== runGroup?.toLowerCase()) return [];
  return [
    `Canceling since a deadlock was detected for concurrency group: '${group}' between a top level workflow and '${plan.name}'`,
  ];
}

/** Fails a job that never gets a runner, with the reason where a person looks for it. */
function refuseJob(
  services: EngineServices,
  { run }: JobRequest,
  { job, refusals }: { job: WorkflowJob; refusals: string[] },
): WorkflowJob {
  const { hub, files } = services;
  markRunStarted(hub, run.id);
  markJobStarted(hub, run, { jobId: job.id, runnerName: "forge" });
  recordSteps(hub, job.id, [{ number: 1, name: "Set up job", status: "completed", conclusion: "failure" }]);
  for (const message of refusals) {
    appendToJobLog(files, { jobId: job.id, step: 1, at: hub.date() }, `##[error]${message}`);
    recordAnnotation(hub, job.id, { ...annotationDefaults, level: "failure", message, title: null });
  }
  return endJob(services, { run, jobId: job.id, conclusion: "failure", outputs: {} });
}

const annotationDefaults = {
  path: ".github",
  startLine: 1,
  endLine: 1,
  startColumn: null,
  endColumn: null,
  rawDetails: null,
} as const;

/** @returns null when the job was cancelled instead */
async function enterGroup(
  { hub, groups }: EngineServices,
  { plan, run, control }: JobRequest,
  job: WorkflowJob,
): Promise<(() => void) | null> {
  if (plan.concurrency === null) return () => undefined;
  const { group, cancelInProgress } = plan.concurrency;
  const { repositoryId } = run;
  if (groups.isHeld(repositoryId, group)) markJobPending(hub, job.id);
  const onPreempted = (): void => {
    control.waiting.abort();
    control.cancelWorker?.();
  };
  const place = await groups.enter(
    { repositoryId, group, cancelInProgress, onPreempted },
    control.waiting.signal,
  );
  return place.kind === "entered" ? place.leave : null;
}

async function runJob(services: EngineServices, request: JobRequest, job: WorkflowJob): Promise<WorkflowJob> {
  const { hub, files, settings, idTokens, closing } = services;
  const { run, plan, control } = request;
  const token = createJobToken(hub, {
    jobId: job.id,
    repositoryId: run.repositoryId,
    permissions: tokenPermissions(job),
    lifetimeMs: plan.timeoutMinutes * 60_000 + settings.grace.jobMs,
  });
  const assignment = buildAssignment(services, { ...request, job, token: token.token });
  markJobStarted(hub, run, { jobId: job.id, runnerName: assignment.runner.name });
  const worker = startWorker(services.workers.take(), assignment, {
    onSteps: (steps) => void (closing.aborted || recordSteps(hub, job.id, steps)),
    onAnnotation: (annotation) =>
      void (closing.aborted || recordAnnotation(hub, job.id, completeAnnotation(annotation))),
    onQuestion: (question) => answerWorker(services, run, question),
  });
  control.cancelWorker = worker.cancel;
  control.killWorker = worker.kill;
  closing.addEventListener("abort", worker.kill, { once: true });
  const end = await worker.done;
  closing.removeEventListener("abort", worker.kill);
  if (!settings.keepJobDirectories) await rm(assignment.directory, { recursive: true, force: true });
  if (assignment.idToken !== null) idTokens.revoke(assignment.idToken.secret);
  if (closing.aborted) return job;
  revokeToken(hub, token.record.id);
  if (end.kind === "lost" && !control.waiting.signal.aborted) {
    const step = hub.store.workflowJobs.require(job.id).steps.find(({ status }) => status === "in_progress");
    appendToJobLog(
      files,
      { jobId: job.id, step: step?.number ?? 1, at: hub.date() },
      `##[error]${end.reason}`,
    );
  }
  return endJob(services, { run, jobId: job.id, ...conclude(end, control) });
}

function conclude(end: WorkerEnd, control: JobControl) {
  if (end.kind === "finished") return { conclusion: end.conclusion, outputs: end.outputs };
  // A cancelled job that did not end in its time of grace was killed.
  const conclusion = control.waiting.signal.aborted ? "cancelled" : "failure";
  return { conclusion, outputs: {} } as const;
}

function endJob(services: EngineServices, completion: Parameters<typeof completeJob>[1]): WorkflowJob {
  const { hub, closing } = services;
  return closing.aborted ? hub.store.workflowJobs.require(completion.jobId) : completeJob(hub, completion);
}

/** `id-token` is no permission of the token: it lets the job ask for others. */
function tokenPermissions(job: WorkflowJob): WorkflowJob["permissions"] {
  const known = new Set<string>(permissionNames);
  return Object.fromEntries(Object.entries(job.permissions).filter(([name]) => known.has(name)));
}

function completeAnnotation(annotation: AnnotationReport): CheckAnnotation {
  return { ...annotation, rawDetails: null };
}
