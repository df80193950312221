import { completeJob, jobOutputs } from "./complete-job.ts";
import type { ForgeLink } from "./forge-link.ts";
import type { JobAssignment } from "./job-assignment.ts";
import { createJobDirectories } from "./job-directories.ts";
import { JobLog } from "./job-log.ts";
import type { JobState, StepFrame } from "./job-state.ts";
import { logFailure, StepFailure } from "./log-failure.ts";
import { SecretMask } from "./mask-secrets.ts";
import { findPreSteps, runPreStep } from "./pre-steps.ts";
import { runPostSteps } from "./run-post-steps.ts";
import { runStep } from "./run-step.ts";
import { setUpJob } from "./set-up-job.ts";
import { StepList } from "./step-list.ts";
import { stepName } from "./step-name.ts";
import { timerMs } from "./timer-ms.ts";
import type { JobConclusion, StepReport } from "./worker-message.ts";

interface JobEnd {
  conclusion: JobConclusion;
  outputs: Record<string, string>;
}

/** A job that can be told to stop. */
export interface RunningJob {
  done: Promise<JobEnd>;
  cancel: () => void;
}

export function startJob(assignment: JobAssignment, forge: ForgeLink): RunningJob {
  const state = createState(assignment, forge);
  const cancel = (): void => {
    if (state.status === "cancelled") return;
    state.status = "cancelled";
    state.onCancelled?.();
  };
  const minutes = assignment.timeoutMinutes;
  const limit = setTimeout(
    () => {
      if (state.status === "cancelled") return;
      logFailure(
        state,
        new StepFailure(`The job has exceeded the maximum execution time of ${minutes} minutes.`),
      );
      cancel();
    },
    timerMs(minutes * 60_000),
  );
  const done = runJob(state).finally(() => clearTimeout(limit));
  return { done, cancel };
}

function createState(assignment: JobAssignment, forge: ForgeLink): JobState {
  const mask = new SecretMask();
  for (const secret of Object.values(assignment.contexts.secrets)) mask.add(secret);
  if (assignment.idToken !== null) mask.add(assignment.idToken.secret);
  return {
    assignment,
    directories: createJobDirectories(assignment.directory, String(assignment.contexts.github["repository"])),
    forge,
    log: new JobLog(assignment.logDirectory, mask),
    mask,
    steps: new StepList((steps) => forge.send({ kind: "steps", steps })),
    env: {},
    paths: [],
    postSteps: [],
    actions: new Map(),
    actionStates: new Map(),
    status: "success",
    onCancelled: null,
  };
}

async function runJob(state: JobState): Promise<JobEnd> {
  const frame: StepFrame = {
    steps: {},
    inputs: state.assignment.contexts.inputs,
    action: null,
    env: {},
    depth: 0,
    deadline: null,
    status: () => state.status,
    stopped: () => state.status === "cancelled",
  };
  const isSetUp = await setUpJob(state, frame);
  const pres = findPreSteps(state);
  const names = state.assignment.steps.map((step) => stepName(state, frame, step));
  const reports = state.steps.add(...pres.map((pre) => `Pre ${stepName(state, frame, pre.step)}`), ...names);
  for (const report of isSetUp ? [] : reports) state.steps.complete(report, "skipped");
  if (isSetUp) {
    for (const pre of pres) await runPreStep(state, frame, { pre, report: takeFirst(reports) });
    await runMainSteps(state, frame, reports);
  }
  await runPostSteps(state);
  const outputs = jobOutputs(state, frame);
  completeJob(state);
  return { conclusion: state.status, outputs };
}

function takeFirst(reports: StepReport[]): StepReport {
  const first = reports.shift();
  if (first === undefined) throw new Error("There are fewer steps in the list than to run");
  return first;
}

async function runMainSteps(state: JobState, frame: StepFrame, reports: StepReport[]): Promise<void> {
  for (const step of state.assignment.steps) {
    const report = takeFirst(reports);
    state.log.beginStep(report.number);
    const result = await runStep(state, frame, step, (name) => state.steps.start(report, name));
    if (step.id !== "") frame.steps[step.id] = result;
    if (result.conclusion === "failure" && state.status === "success") state.status = "failure";
    state.steps.complete(report, result.conclusion);
  }
}
