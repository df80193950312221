import { runConclusion, type JobResult } from "../../actions/engine/job-results.ts";
import type { ForgeRequest } from "../../forge-context.ts";
import type { WorkflowJob, WorkflowRun } from "../../hub/entity/workflow.ts";
import type { Hub } from "../../hub/hub.ts";
import { paginate } from "../paginate.ts";
import { presentJob, presentRun } from "../present/present-workflow.ts";
import { notFound } from "../rest-refusal.ts";
import { readActions, requireRun } from "./actions-access.ts";
import type { ActionsContext } from "./register-actions-resources.ts";

const base = "/repos/:owner/:repo/actions/runs/:run_id/attempts/:attempt";

export function registerRunAttemptsResource({ rest, hub }: ActionsContext): void {
  rest.get(base, (c) => {
    const run = requireRun(c, hub, readActions);
    const attempt = requireAttempt(c, run);
    if (attempt === run.runAttempt) return c.json(presentRun(hub, run));
    return c.json(presentRun(hub, earlierAttempt(hub, run, attempt)));
  });

  rest.get(`${base}/jobs`, (c) => {
    const run = requireRun(c, hub, readActions);
    const jobs = hub.store.workflowJobs.find({ runId: run.id, runAttempt: requireAttempt(c, run) });
    const page = paginate(c, hub, jobs).map((job) => presentJob(hub, job));
    return c.json({ total_count: jobs.length, jobs: page });
  });
}

function requireAttempt(c: ForgeRequest, run: WorkflowRun): number {
  const attempt = Number(c.req.param("attempt"));
  if (!Number.isInteger(attempt) || attempt < 1 || attempt > run.runAttempt) throw notFound();
  return attempt;
}

/** What is left of an attempt that was followed by another: its jobs, from which its conclusion follows. */
function earlierAttempt(hub: Hub, run: WorkflowRun, runAttempt: number): WorkflowRun {
  const jobs = hub.store.workflowJobs.find({ runId: run.id, runAttempt });
  const conclusion = runConclusion(jobs.map(resultOf), false);
  return { ...run, runAttempt, status: "completed", conclusion };
}

function resultOf({ conclusion, outputs }: WorkflowJob): JobResult {
  const known = conclusion === "success" || conclusion === "skipped" || conclusion === "cancelled";
  return { result: known ? conclusion : "failure", outputs };
}
