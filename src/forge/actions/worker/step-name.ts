import { interpolate, type Template } from "../expression/interpolate.ts";
import type { StepDefinition } from "../workflow/workflow.ts";
import type { JobState, StepFrame } from "./job-state.ts";
import { frameVariables } from "./step-condition.ts";
import { stepScope } from "./step-scope.ts";

/** `name:`, or `Run` with the first line of the script or the action. */
export function stepName(state: JobState, frame: StepFrame, step: StepDefinition): string {
  if (step.name != null) return interpolateIfKnown(state, frame, step.name);
  return `Run ${step.uses ?? firstLine(interpolateIfKnown(state, frame, step.run))}`;
}

export function firstLine(text: string): string {
  return text.trim().split("\n")[0] ?? "";
}

/** Names are shown before all that they mention is known; what cannot be evaluated yet is shown as written. */
function interpolateIfKnown(state: JobState, frame: StepFrame, template: Template): string {
  try {
    return interpolate(template, stepScope(state, frame, frameVariables(state, frame)));
  } catch {
    return typeof template === "string" ? template : "";
  }
}
