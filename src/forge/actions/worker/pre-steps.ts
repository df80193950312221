import type { ActionRuns } from "../workflow/parse-action-manifest.ts";
import type { StepDefinition } from "../workflow/workflow.ts";
import { actionInputs } from "./action-inputs.ts";
import type { JobState, PlacedAction, StepFrame } from "./job-state.ts";
import { logFailure } from "./log-failure.ts";
import { runNodePart } from "./run-node-action.ts";
import { conditionHolds, stepVariables } from "./step-condition.ts";
import { stepScope } from "./step-scope.ts";
import { watchStep } from "./watch-step.ts";
import type { JobConclusion, StepReport } from "./worker-message.ts";

/** The `pre` of a JavaScript action that a step uses. Actions of the workspace have none: it is empty yet. */
export interface PreStep {
  step: StepDefinition;
  placed: PlacedAction;
  runs: Extract<ActionRuns, { using: "node" }>;
  script: string;
}

export function findPreSteps(state: JobState): PreStep[] {
  return state.assignment.steps.flatMap((step) => {
    const placed = state.actions.get(step.uses ?? "");
    const runs = placed?.manifest.runs;
    if (placed === undefined || runs?.using !== "node" || runs.pre === null) return [];
    return [{ step, placed, runs, script: runs.pre }];
  });
}

export async function runPreStep(
  state: JobState,
  frame: StepFrame,
  { pre, report }: { pre: PreStep; report: StepReport },
): Promise<void> {
  const { placed, runs, script } = pre;
  state.log.beginStep(report.number);
  state.steps.start(report);
  let conclusion: JobConclusion = "success";
  const step = { ...pre.step, if: runs.preIf };
  const env = stepVariables(state, frame, step);
  if (!conditionHolds(state, frame, { condition: runs.preIf, env })) {
    return state.steps.complete(report, "skipped");
  }
  const scope = stepScope(state, frame, env);
  const watch = watchStep(state, frame, { step, scope, env });
  try {
    const inputs = actionInputs({
      given: step.with,
      declared: placed.manifest.inputs,
      scope,
      warn: () => undefined,
    });
    const actionState = state.actionStates.get(pre.step) ?? {};
    state.actionStates.set(pre.step, actionState);
    const execution = {
      state,
      frame,
      step,
      env,
      scope,
      watch,
      outputs: {},
      actionState,
      runNested: noNested,
    };
    await runNodePart(execution, { placed, runs, inputs }, script);
  } catch (error) {
    conclusion = watch.cancelled.aborted ? "cancelled" : "failure";
    logFailure(state, error);
  } finally {
    watch.end();
  }
  if (conclusion === "failure" && state.status === "success") state.status = "failure";
  state.steps.complete(report, conclusion);
}

function noNested(): never {
  throw new Error("A part of a JavaScript action has no steps of its own");
}
