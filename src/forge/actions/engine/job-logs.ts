import { existsSync, mkdirSync, readdirSync, readFileSync, writeFileSync } from "node:fs";
import { dirname, join } from "node:path";

import { zipSync, type Zippable } from "fflate";

import type { WorkflowJob, WorkflowRun } from "../../hub/entity/workflow.ts";
import { logTimestamp } from "../worker/job-log.ts";
import type { ActionsFiles } from "./actions-files.ts";

/** The log of one step as far as it is written; null when there is none. */
export function readStepLog(files: ActionsFiles, jobId: number, step: number): string | null {
  const file = join(files.jobLogs(jobId), `${step}.log`);
  return existsSync(file) ? readFileSync(file, "utf8") : null;
}

/** The whole log of a job as far as it is written; null before the job starts. */
export function readJobLog(files: ActionsFiles, jobId: number): string | null {
  const numbers = stepNumbers(files, jobId);
  if (numbers.length === 0) return null;
  return numbers.map((number) => readStepLog(files, jobId, number) ?? "").join("");
}

/** What the steps of a job wrote to GITHUB_STEP_SUMMARY, as Markdown; null when nothing. */
export function readJobSummary(files: ActionsFiles, jobId: number): string | null {
  const file = join(files.jobLogs(jobId), "summary.md");
  return existsSync(file) ? readFileSync(file, "utf8") : null;
}

/** Why a run has no jobs: the problems of its workflow file. Null when there are none. */
export function readStartupLog(files: ActionsFiles, runId: number): string | null {
  const file = files.startupLog(runId);
  return existsSync(file) ? readFileSync(file, "utf8") : null;
}

export function writeStartupLog(
  files: ActionsFiles,
  run: { id: number; at: Date },
  problems: string[],
): void {
  const lines = ["Invalid workflow file", ...problems].flatMap((problem) => problem.split("\n"));
  write(files.startupLog(run.id), lines.map((line) => `${logTimestamp(run.at)} ##[error]${line}\n`).join(""));
}

/** Adds a line that only the forge can write: the worker never started, or was lost. */
export function appendToJobLog(
  files: ActionsFiles,
  { jobId, step, at }: { jobId: number; step: number; at: Date },
  message: string,
): void {
  const before = readStepLog(files, jobId, step) ?? "";
  const lines = message.split("\n").map((line) => `${logTimestamp(at)} ${line}\n`);
  write(join(files.jobLogs(jobId), `${step}.log`), before + lines.join(""));
}

/** The archive of `GET …/runs/{id}/logs`: a text for each job and one for each of its steps. */
export function zipRunLogs(files: ActionsFiles, run: WorkflowRun, jobs: readonly WorkflowJob[]): Uint8Array {
  const archive: Zippable = {};
  const startup = readStartupLog(files, run.id);
  if (startup !== null) archive["workflow.txt"] = Buffer.from(startup);
  for (const [index, job] of jobs.entries()) {
    const name = job.name.replaceAll(/[/\\:*?"<>|]/g, "");
    archive[`${index}_${name}.txt`] = Buffer.from(readJobLog(files, job.id) ?? "");
    for (const step of job.steps) {
      const log = readStepLog(files, job.id, step.number);
      const title = step.name.replaceAll(/[/\\:*?"<>|\n]/g, "").slice(0, 100);
      if (log !== null) archive[`${name}/${step.number}_${title}.txt`] = Buffer.from(log);
    }
  }
  return zipSync(archive);
}

function stepNumbers(files: ActionsFiles, jobId: number): number[] {
  const directory = files.jobLogs(jobId);
  if (!existsSync(directory)) return [];
  return readdirSync(directory)
    .filter((name) => name.endsWith(".log"))
    .map((name) => Number.parseInt(name, 10))
    .sort((a, b) => a - b);
}

function write(file: string, text: string): void {
  mkdirSync(dirname(file), { recursive: true });
  writeFileSync(file, text);
}
