import { createReadStream, existsSync } from "node:fs";
import { Readable } from "node:stream";
import { ActionsFiles } from "../../actions/engine/actions-files.ts";
import { readJobLog } from "../../actions/engine/job-logs.ts";
import type { Page } from "../layout/page-layout.ts";
import { repositoryFrame } from "../visit/repository-frame.ts";
import type { RepositoryVisit } from "../visit/visit.ts";
import type { FormOutcome, WebSite } from "../visit/web-site.ts";
import { findRun, readRun, viewRunRow } from "./read-run.ts";
import { runList } from "./run-list.ts";
import { runPage } from "./run-page.ts";

const maxListedRuns = 100;

export function registerRunPages(site: WebSite): void {
  site.repositoryPage("/actions", listRuns);
  site.repositoryPage("/actions/runs/:run{[0-9]+}", (visit) => showRun(visit, null));
  site.repositoryPage("/actions/runs/:run{[0-9]+}/job/:job{[0-9]+}", (visit) =>
    showRun(visit, Number(visit.request.req.param("job"))),
  );
  site.repositoryPage("/actions/runs/:run{[0-9]+}/job/:job{[0-9]+}/log", rawLog);
  site.repositoryPage("/actions/runs/:run{[0-9]+}/artifacts/:artifact{[0-9]+}", artifact);
  site.repositoryForm("/actions/runs/:run{[0-9]+}/cancel", (visit) => operate(site, visit, "cancel"));
  site.repositoryForm("/actions/runs/:run{[0-9]+}/rerun", (visit, fields) =>
    operate(site, visit, fields.text("jobs") === "failed" ? "rerun-failed-jobs" : "rerun"),
  );
}

function listRuns(visit: RepositoryVisit): Page {
  const { store } = visit.hub;
  const workflows = store.workflows.find({ repositoryId: visit.repository.id });
  const chosen = workflows.find(({ id }) => id === Number(visit.request.req.query("workflow")));
  const runs = store.workflowRuns.find(
    { repositoryId: visit.repository.id, ...(chosen && { workflowId: chosen.id }) },
    { newestFirst: true, limit: maxListedRuns },
  );
  return {
    title: "Actions",
    content: runList({
      fullName: visit.fullName,
      workflows: workflows.filter(({ state }) => state !== "deleted"),
      workflowId: chosen?.id ?? null,
      rows: runs.map((run) => viewRunRow(visit, run)),
      nowMs: visit.nowMs,
    }),
    repository: repositoryFrame(visit, "actions"),
  };
}

async function showRun(visit: RepositoryVisit, jobId: number | null): Promise<Page | null> {
  const run = findRun(visit);
  const view = run && (await readRun(visit, run, jobId));
  if (!view) return null;
  return {
    title: `${view.title} · ${view.job ? view.job.name : `Run #${view.number}`}`,
    content: runPage(view),
    repository: repositoryFrame(visit, "actions"),
  };
}

const fileHeaders = { "x-content-type-options": "nosniff", "cache-control": "private, no-cache" };

function rawLog(visit: RepositoryVisit): Response | null {
  const run = findRun(visit);
  const job = visit.hub.store.workflowJobs.get(Number(visit.request.req.param("job")));
  if (!run || job?.runId !== run.id) return null;
  const log = readJobLog(new ActionsFiles(visit.hub.directory), job.id);
  return visit.request.body(log ?? "", 200, { ...fileHeaders, "content-type": "text/plain; charset=utf-8" });
}

function artifact(visit: RepositoryVisit): Response | null {
  const run = findRun(visit);
  const found = visit.hub.store.artifacts.get(Number(visit.request.req.param("artifact")));
  if (!run || found?.runId !== run.id) return null;
  const file = new ActionsFiles(visit.hub.directory).artifact(found.id);
  if (!existsSync(file)) return null;
  return visit.request.body(Readable.toWeb(createReadStream(file)) as ReadableStream, 200, {
    ...fileHeaders,
    "content-type": "application/zip",
    "content-disposition": `attachment; filename*=UTF-8''${encodeURIComponent(`${found.name}.zip`)}`,
  });
}

async function operate(
  site: WebSite,
  visit: RepositoryVisit,
  operation: "cancel" | "rerun" | "rerun-failed-jobs",
): Promise<FormOutcome | null> {
  const run = findRun(visit);
  if (!run) return null;
  const location = `/${visit.fullName}/actions/runs/${run.id}`;
  const path = `/repos/${visit.fullName}/actions/runs/${run.id}/${operation}`;
  const answer = await site.call(visit, { method: "POST", path });
  if (!answer.ok) return { location, refused: answer.sentence };
  return operation === "cancel" ? { location, done: "The run is being cancelled." } : { location };
}
