import { readJobLog, readStartupLog, zipRunLogs } from "../../actions/engine/job-logs.ts";
import { latestJobs, type RerunScope } from "../../actions/engine/rerun-plan.ts";
import type { ForgeRequest } from "../../forge-context.ts";
import { paginate } from "../paginate.ts";
import { presentArtifact, presentJob, presentRun } from "../present/present-workflow.ts";
import { actingCaller, requireRepository } from "../require-access.ts";
import { notFound, RestRefusal } from "../rest-refusal.ts";
import { readActions, requireJob, requireRun, writeActions } from "./actions-access.ts";
import { listRuns } from "./list-runs.ts";
import type { ActionsContext } from "./register-actions-resources.ts";

const base = "/repos/:owner/:repo/actions";

export function registerRunsResource(context: ActionsContext): void {
  const { rest, hub, engine } = context;
  rest.get(`${base}/runs`, (c) => {
    const repository = requireRepository(c, hub, readActions);
    return c.json(listRuns(c, hub, { repositoryId: repository.id }));
  });

  rest.get(`${base}/runs/:run_id`, (c) => c.json(presentRun(hub, requireRun(c, hub, readActions))));

  rest.get(`${base}/runs/:run_id/jobs`, (c) => {
    const run = requireRun(c, hub, readActions);
    const all = c.req.query("filter") === "all";
    const jobs = all ? hub.store.workflowJobs.find({ runId: run.id }) : latestJobs(hub, run.id);
    const page = paginate(c, hub, jobs).map((job) => presentJob(hub, job));
    return c.json({ total_count: jobs.length, jobs: page });
  });

  rest.get(`${base}/runs/:run_id/artifacts`, (c) => {
    const run = requireRun(c, hub, readActions);
    const name = c.req.query("name");
    const where = { runId: run.id, ...(name !== undefined && { name }) };
    const artifacts = hub.store.artifacts.find(where, { newestFirst: true });
    const page = paginate(c, hub, artifacts).map((artifact) => presentArtifact(hub, artifact));
    return c.json({ total_count: artifacts.length, artifacts: page });
  });

  rest.post(`${base}/runs/:run_id/cancel`, (c) => {
    const run = requireRun(c, hub, writeActions);
    return cancelled(c, engine.cancel(run.id));
  });

  rest.post(`${base}/runs/:run_id/force-cancel`, (c) => {
    const run = requireRun(c, hub, writeActions);
    return cancelled(c, engine.forceCancel(run.id));
  });

  const rerun = async (c: ForgeRequest, runId: number, scope: RerunScope): Promise<Response> => {
    const outcome = await engine.rerun(runId, scope, actingCaller(c).account.id);
    if (!outcome.ok) throw new RestRefusal(403, outcome.problem);
    return c.json({}, 201);
  };
  rest.post(`${base}/runs/:run_id/rerun`, (c) => {
    return rerun(c, requireRun(c, hub, writeActions).id, { kind: "all" });
  });
  rest.post(`${base}/runs/:run_id/rerun-failed-jobs`, (c) => {
    return rerun(c, requireRun(c, hub, writeActions).id, { kind: "failed" });
  });
  rest.post(`${base}/jobs/:job_id/rerun`, (c) => {
    const job = requireJob(c, hub, writeActions);
    return rerun(c, job.runId, { kind: "job", job });
  });

  registerRunLogs(context);
}

function cancelled(c: ForgeRequest, outcome: "cancelling" | "completed"): Response {
  if (outcome === "cancelling") return c.json({}, 202);
  throw new RestRefusal(409, "Cannot cancel a workflow run that is completed.");
}

function registerRunLogs({ rest, http, hub, engine, downloads }: ActionsContext): void {
  const { files } = engine;
  rest.get(`${base}/runs/:run_id/logs`, (c) => {
    const run = requireRun(c, hub, readActions);
    const hasLogs = latestJobs(hub, run.id).some((job) => readJobLog(files, job.id) !== null);
    if (!hasLogs && readStartupLog(files, run.id) === null) throw notFound();
    return c.redirect(hub.url + downloads.sign(`/_actions/runs/${run.id}/logs.zip`), 302);
  });

  http.get("/_actions/runs/:run_id/logs.zip", (c) => {
    const run = hub.store.workflowRuns.get(Number(c.req.param("run_id")));
    if (run === undefined || !downloads.verify(c.req.path, c.req.query())) return c.text("Not Found", 404);
    const zip = zipRunLogs(files, run, latestJobs(hub, run.id));
    return c.body(Buffer.from(zip), 200, {
      "content-type": "application/zip",
      "content-disposition": `attachment; filename=logs_${run.id}.zip`,
    });
  });
}
