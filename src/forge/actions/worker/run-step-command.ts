import { rmSync, statSync, readFileSync, appendFileSync } from "node:fs";
import { join } from "node:path";

import { createCommandFiles, readAssignments, readPaths, type CommandFiles } from "./file-commands.ts";
import type { JobState, StepExecution } from "./job-state.ts";
import { StepFailure } from "./log-failure.ts";
import { processEnvironment } from "./process-environment.ts";
import { StepOutput } from "./step-output.ts";
import { runStepProcess } from "./step-process.ts";

export interface StepCommand {
  command: string;
  args: string[];
  cwd: string;
  /** Variables above those of the job and the step. */
  own?: Record<string, string>;
}

let lastProcess = 0;

/**
 * Runs one process of a step and takes over what it wrote to the files of GITHUB_ENV, GITHUB_OUTPUT and so on.
 * @throws StepFailure when the process ends with another exit code than 0 or wrote those files wrongly
 */
export async function runStepCommand(execution: StepExecution, step: StepCommand): Promise<void> {
  const { state, outputs, actionState } = execution;
  const commandFiles = createCommandFiles(state.directories.commandFiles);
  const output = new StepOutput(state, { outputs, actionState });
  const trackingId = `${state.assignment.trackingId}${(lastProcess += 1)}.`;
  const env = processEnvironment(state, {
    env: execution.env,
    own: step.own ?? {},
    commandFiles,
    trackingId,
  });
  const { command, args, cwd } = step;
  const exitCode = await runStepProcess({
    command,
    args,
    cwd,
    env,
    onLine: output.line,
    signal: execution.watch.signal,
    grace: state.assignment.grace,
  });
  takeOverFiles(execution, commandFiles);
  if (output.problem !== null) throw new StepFailure(output.problem);
  if (exitCode !== 0) throw new StepFailure(`Process completed with exit code ${exitCode}.`);
}

function takeOverFiles(execution: StepExecution, files: CommandFiles): void {
  const { state, outputs, actionState } = execution;
  try {
    Object.assign(outputs, readAssignments(files.GITHUB_OUTPUT));
    Object.assign(actionState, readAssignments(files.GITHUB_STATE));
    const variables = readAssignments(files.GITHUB_ENV);
    if ("NODE_OPTIONS" in variables) {
      throw new Error("Can't store NODE_OPTIONS output parameter using '$GITHUB_ENV' command.");
    }
    Object.assign(state.env, variables);
    state.paths.unshift(...readPaths(files.GITHUB_PATH).reverse());
    keepSummary(state, files.GITHUB_STEP_SUMMARY);
  } catch (error) {
    throw new StepFailure(`Unable to process file command: ${(error as Error).message}`, { cause: error });
  } finally {
    for (const file of Object.values(files) as string[]) rmSync(file, { force: true });
  }
}

/** GitHub drops a step's summary above this size and says so. */
const summaryLimitBytes = 1024 * 1024;

function keepSummary(state: JobState, file: string): void {
  const { size } = statSync(file);
  if (size === 0) return;
  if (size > summaryLimitBytes) {
    throw new Error(
      `$GITHUB_STEP_SUMMARY upload aborted, supports content up to a size of 1024k, got ${size}`,
    );
  }
  const summary = state.mask.apply(readFileSync(file, "utf8"));
  appendFileSync(join(state.assignment.logDirectory, "summary.md"), `${summary.trimEnd()}\n\n`);
}
