import { evaluateExpression, isTruthy } from "../expression/evaluate-expression.ts";
import { interpolateMap } from "../expression/interpolate.ts";
import type { StepDefinition } from "../workflow/workflow.ts";
import type { JobState, StepFrame } from "./job-state.ts";
import { stepScope } from "./step-scope.ts";

/**
 * Whether a step's `if` holds now; it changes when the job fails or is cancelled.
 * @param env the step's variables, which its condition can name
 */
export function conditionHolds(
  state: JobState,
  frame: StepFrame,
  { condition, env }: { condition: string; env: Record<string, string> },
): boolean {
  return isTruthy(evaluateExpression(condition, stepScope(state, frame, env)));
}

/** The variables of a step: those it starts from, and its own. @throws ExpressionProblem */
export function stepVariables(
  state: JobState,
  frame: StepFrame,
  step: Pick<StepDefinition, "env">,
): Record<string, string> {
  const inherited = frameVariables(state, frame);
  return { ...inherited, ...interpolateMap(step.env, stepScope(state, frame, inherited)) };
}

/** The variables that a step starts from, before its own. */
export function frameVariables(state: JobState, frame: StepFrame): Record<string, string> {
  return { ...state.env, ...frame.env };
}
