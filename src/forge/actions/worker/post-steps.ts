import type { StepExecution } from "./job-state.ts";
import { stepName } from "./step-name.ts";

export interface PostPart {
  condition: string;
  run: (execution: StepExecution) => Promise<void>;
}

/** Leaves a part of an action for the end of the job, where it sees the state that its main part saved. */
export function schedulePostStep(execution: StepExecution, part: PostPart): void {
  const { state, frame, step } = execution;
  state.postSteps.push({
    name: `Post ${stepName(state, frame, step)}`,
    condition: part.condition,
    execution,
    run: part.run,
  });
}
