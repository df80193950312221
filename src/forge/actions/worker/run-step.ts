import { isTruthy } from "../expression/evaluate-expression.ts";
import { evaluateTemplate } from "../expression/interpolate.ts";
import type { StepDefinition } from "../workflow/workflow.ts";
import type { JobState, StepExecution, StepFrame, StepResult } from "./job-state.ts";
import { logFailure, StepFailure } from "./log-failure.ts";
import { runAction } from "./run-action.ts";
import { runScript } from "./run-script.ts";
import { conditionHolds, frameVariables, stepVariables } from "./step-condition.ts";
import { stepName } from "./step-name.ts";
import { stepScope } from "./step-scope.ts";
import { watchStep } from "./watch-step.ts";
import type { JobConclusion } from "./worker-message.ts";

/**
 * Runs one step if its condition holds.
 * @param onStart told the step's name once it is clear that it runs
 */
export async function runStep(
  state: JobState,
  frame: StepFrame,
  step: StepDefinition,
  onStart: (name: string) => void,
): Promise<StepResult> {
  const outputs: Record<string, string> = {};
  let outcome: JobConclusion | "skipped";
  let hasStarted = false;
  try {
    const env = stepVariables(state, frame, step);
    if (!conditionHolds(state, frame, { condition: step.if, env })) {
      return { outputs, outcome: "skipped", conclusion: "skipped" };
    }
    onStart(stepName(state, frame, step));
    hasStarted = true;
    const scope = stepScope(state, frame, env);
    outcome = await execute({ state, frame, step, env, scope, outputs });
  } catch (error) {
    if (!hasStarted) onStart(stepName(state, frame, step));
    logFailure(state, error);
    outcome = "failure";
  }
  const isTolerated = outcome === "failure" && toleratesFailure(state, frame, step);
  return { outputs, outcome, conclusion: isTolerated ? "success" : outcome };
}

type Prepared = Pick<StepExecution, "state" | "frame" | "step" | "env" | "scope" | "outputs">;

async function execute(prepared: Prepared): Promise<JobConclusion> {
  const { state, frame, step } = prepared;
  const watch = watchStep(state, frame, prepared);
  const execution: StepExecution = {
    ...prepared,
    watch,
    actionState: state.actionStates.get(step) ?? {},
    runNested: (nestedFrame, nestedStep) => runStep(state, nestedFrame, nestedStep, () => undefined),
  };
  try {
    await (step.uses === null ? runScript(execution) : runAction(execution));
    return watch.cancelled.aborted ? logCancellation(state) : "success";
  } catch (error) {
    if (watch.cancelled.aborted) return logCancellation(state);
    if (!watch.deadline.aborted) throw error;
    const minutes = watch.timeoutMinutes;
    throw new StepFailure(
      `The action '${stepName(state, frame, step)}' has timed out after ${minutes} minutes.`,
      { cause: error },
    );
  } finally {
    watch.end();
  }
}

/** Whatever a cancelled step made of its interruption, it is cancelled. */
function logCancellation(state: JobState): "cancelled" {
  state.log.write("##[error]The operation was canceled.");
  return "cancelled";
}

function toleratesFailure(state: JobState, frame: StepFrame, step: StepDefinition): boolean {
  const scope = stepScope(state, frame, frameVariables(state, frame));
  return isTruthy(evaluateTemplate(step.continueOnError, scope));
}
