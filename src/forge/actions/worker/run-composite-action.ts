import { interpolate } from "../expression/interpolate.ts";
import type { PlacedAction, StepExecution, StepFrame } from "./job-state.ts";
import { StepFailure } from "./log-failure.ts";
import { stepScope } from "./step-scope.ts";
import type { JobConclusion } from "./worker-message.ts";

/** GitHub's limit on composite actions that use one another. */
const deepest = 10;

/** The steps of a composite action, with inputs and results of their own, in the log of the step that uses it. */
export async function runCompositeAction(
  execution: StepExecution,
  placed: PlacedAction,
  inputs: Record<string, string>,
): Promise<void> {
  const { state, env, outputs, watch } = execution;
  const { runs, outputs: declared } = placed.manifest;
  if (runs.using !== "composite") throw new Error(`${placed.directory} is not composite`);
  const depth = execution.frame.depth + 1;
  if (depth > deepest) throw new StepFailure(`Composite action depth exceeds the limit of ${deepest}.`);

  let status: JobConclusion = "success";
  const frame: StepFrame = {
    steps: {},
    inputs,
    action: placed,
    env,
    depth,
    deadline: watch.deadline,
    status: () => status,
    stopped: () => watch.cancelled.aborted,
  };
  for (const step of runs.steps) {
    const result = await execution.runNested(frame, step);
    if (step.id !== "") frame.steps[step.id] = result;
    if (result.conclusion === "failure") status = "failure";
  }
  const scope = stepScope(state, frame, env);
  for (const [name, template] of Object.entries(declared)) outputs[name] = interpolate(template, scope);
  // Why it failed stands above; this says where that leaves the whole.
  if (status !== "success") throw new StepFailure(`A step of ${execution.step.uses ?? ""} failed.`);
}
