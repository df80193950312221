import { interpolate } from "../expression/interpolate.ts";
import type { JobState, StepFrame } from "./job-state.ts";
import { killTracked } from "./process-tree.ts";
import { stepScope } from "./step-scope.ts";

/** The job's declared outputs. One that holds a secret is left out, so that it cannot leave the job. */
export function jobOutputs(state: JobState, frame: StepFrame): Record<string, string> {
  const outputs: Record<string, string> = {};
  for (const [name, template] of Object.entries(state.assignment.outputs)) {
    const value = interpolate(template, stepScope(state, frame, state.env));
    if (state.mask.apply(value) === value) outputs[name] = value;
    else state.log.write(`##[warning]Skip output '${name}' since it may contain secret.`);
  }
  return outputs;
}

/** "Complete job": nothing that the job started outlives it. */
export function completeJob(state: JobState): void {
  const [report] = state.steps.add("Complete job");
  if (report === undefined) throw new Error("The list of steps took no step");
  state.log.beginStep(report.number);
  state.steps.start(report);
  state.log.write("Cleaning up orphan processes");
  for (const pid of killTracked(state.assignment.trackingId)) {
    state.log.write(`Terminate orphan process: pid (${pid})`);
  }
  state.steps.complete(report, "success");
}
