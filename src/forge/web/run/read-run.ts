import { ActionsFiles } from "../../actions/engine/actions-files.ts";
import { readJobSummary, readStartupLog, readStepLog } from "../../actions/engine/job-logs.ts";
import { parseWorkflow } from "../../actions/workflow/parse-workflow.ts";
import { readFileAt } from "../../git/read-tree.ts";
import type { WorkflowJob, WorkflowRun, WorkflowStep } from "../../hub/entity/workflow.ts";
import { renderMarkdown } from "../markdown/render-markdown.ts";
import { checkLook } from "../pieces/check-state.ts";
import { userOf } from "../timeline/read-timeline.ts";
import { mayDo, type RepositoryVisit } from "../visit/visit.ts";
import type { JobView, RunRow, RunView, StepView } from "./run-view.ts";

export function viewRunRow(visit: RepositoryVisit, run: WorkflowRun): RunRow {
  return {
    id: run.id,
    title: run.displayTitle,
    workflow: run.name,
    number: run.runNumber,
    attempt: run.runAttempt,
    event: run.event,
    branch: run.headBranch,
    sha: run.headSha,
    actor: userOf(visit, run.triggeringActorId),
    look: checkLook(run.status, run.conclusion),
    isFinished: run.status === "completed",
    createdAt: run.createdAt,
    startedAt: run.runStartedAt,
    updatedAt: run.updatedAt,
  };
}

/** The run that `:run` in the address names. */
export function findRun(visit: RepositoryVisit): WorkflowRun | null {
  const run = visit.hub.store.workflowRuns.get(Number(visit.request.req.param("run")));
  return run?.repositoryId === visit.repository.id ? run : null;
}

/** @param jobId job whose steps are shown; null shows the summary */
export async function readRun(
  visit: RepositoryVisit,
  run: WorkflowRun,
  jobId: number | null,
): Promise<RunView | null> {
  const { store } = visit.hub;
  const files = new ActionsFiles(visit.hub.directory);
  const current = jobsOf(visit, run);
  const needs = await readNeeds(visit, run);
  const jobs = current.map((job) => viewJob(job, { needs, files: job.id === jobId ? files : null }));
  const job = jobs.find(({ id }) => id === jobId) ?? null;
  if (jobId !== null && !job) return null;
  return {
    ...viewRunRow(visit, run),
    fullName: visit.fullName,
    pulls: run.pullIds.flatMap((id) => store.pulls.get(id)?.number ?? []),
    jobs,
    job,
    artifacts: store.artifacts.find({ runId: run.id }),
    summaries: current.flatMap(({ id, name }) => viewSummary(visit, files, { id, name })),
    annotations: current.flatMap((each) => viewAnnotations(visit, each)),
    startupLog: readStartupLog(files, run.id),
    mayOperate: mayDo(visit, { permission: "actions", access: "write" }),
    nowMs: visit.nowMs,
  };
}

/** The newest of each job: an attempt that repeats only some jobs leaves the others as they were. */
function jobsOf(visit: RepositoryVisit, run: WorkflowRun): WorkflowJob[] {
  const newest = new Map<string, WorkflowJob>();
  for (const job of visit.hub.store.workflowJobs.find({ runId: run.id })) newest.set(job.name, job);
  return [...newest.values()];
}

/** Which jobs each job waits for, by the workflow file that the run was started with. */
async function readNeeds(visit: RepositoryVisit, run: WorkflowRun): Promise<Map<string, string[]>> {
  const source = await readFileAt(visit.gitDir, run.headSha, run.path);
  const parsed = source && (await parseWorkflow(run.path, source.toString("utf8")));
  if (!parsed?.ok) return new Map();
  return new Map(parsed.workflow.jobs.map(({ key, needs }) => [key, needs]));
}

interface JobSurroundings {
  needs: ReadonlyMap<string, string[]>;
  /** Given for the job whose logs are shown. */
  files: ActionsFiles | null;
}

function viewJob(job: WorkflowJob, { needs, files }: JobSurroundings): JobView {
  return {
    id: job.id,
    name: job.name,
    look: checkLook(job.status, job.conclusion),
    isFinished: job.status === "completed",
    startedAt: job.startedAt,
    completedAt: job.completedAt,
    needs: needs.get(job.key) ?? [],
    steps: job.steps.map((step) => viewStep(step, files && readStepLog(files, job.id, step.number))),
  };
}

function viewStep(step: WorkflowStep, log: string | null): StepView {
  const look = checkLook(step.status, step.conclusion);
  return {
    number: step.number,
    name: step.name,
    look,
    isRunning: step.status === "in_progress",
    isFailed: look.tone === "bad",
    startedAt: step.startedAt,
    completedAt: step.completedAt,
    log,
  };
}

function viewSummary(
  visit: RepositoryVisit,
  files: ActionsFiles,
  { id, name }: { id: number; name: string },
): RunView["summaries"] {
  const source = readJobSummary(files, id);
  if (source === null || source.trim() === "") return [];
  const options = { repository: visit.fullName, keepLineBreaks: false, anchorPrefix: `summary-${id}-` };
  return [{ job: name, content: renderMarkdown(source, options) }];
}

function viewAnnotations(visit: RepositoryVisit, job: WorkflowJob): RunView["annotations"] {
  const check = visit.hub.store.checkRuns.get(job.checkRunId);
  return (check?.output.annotations ?? []).map(({ level, message, title, path, startLine }) => ({
    job: job.name,
    level,
    message,
    title,
    path,
    line: startLine,
  }));
}
