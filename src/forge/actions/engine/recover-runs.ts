import { rm } from "node:fs/promises";

import type { WorkflowJob, WorkflowRun } from "../../hub/entity/workflow.ts";
import type { EngineServices } from "./engine-services.ts";
import { appendToJobLog } from "./job-logs.ts";
import { completeJob, recordAnnotation } from "./record-job.ts";
import { completeRun } from "./record-run.ts";

const lost =
  "The runner has lost communication with the server: the forge was stopped while the job was running.";

/** Ends the runs that a stopped or killed forge left open, as GitHub ends those of a lost runner. */
export async function recoverRuns(services: EngineServices): Promise<void> {
  const { hub, files } = services;
  const open = hub.store.workflowRuns.find({}, { filter: (run) => run.status !== "completed" });
  for (const run of open) {
    const jobs = hub.store.workflowJobs.find({ runId: run.id, runAttempt: run.runAttempt });
    hub.change(() => {
      for (const job of jobs) if (job.status !== "completed") failJob(services, run, job);
      completeRun(hub, run.id, "failure");
    });
  }
  await rm(files.jobs, { recursive: true, force: true });
}

function failJob({ hub, files }: EngineServices, run: WorkflowRun, job: WorkflowJob): void {
  const step = job.steps.find(({ status }) => status === "in_progress")?.number ?? 1;
  appendToJobLog(files, { jobId: job.id, step, at: hub.date() }, `##[error]${lost}`);
  recordAnnotation(hub, job.id, {
    path: ".github",
    startLine: 1,
    endLine: 1,
    startColumn: null,
    endColumn: null,
    level: "failure",
    message: lost,
    title: null,
    rawDetails: null,
  });
  completeJob(hub, { run, jobId: job.id, conclusion: "failure", outputs: {} });
}
