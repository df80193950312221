import { evaluateTemplate } from "../expression/interpolate.ts";
import type { JobState, StepExecution, StepFrame, StepWatch } from "./job-state.ts";
import { conditionHolds } from "./step-condition.ts";
import { timerMs } from "./timer-ms.ts";

export function watchStep(
  state: JobState,
  frame: StepFrame,
  { step, scope, env }: Pick<StepExecution, "step" | "scope" | "env">,
): StepWatch {
  const cancel = new AbortController();
  const late = new AbortController();
  const timeoutMinutes = Number(evaluateTemplate(step.timeoutMinutes ?? 0, scope));
  const timer =
    timeoutMinutes > 0 ? setTimeout(() => late.abort(), timerMs(timeoutMinutes * 60_000)) : undefined;
  const outer = state.onCancelled;
  state.onCancelled = () => {
    outer?.();
    // As on GitHub, a step that may run after a cancellation is not interrupted by it.
    if (!conditionHolds(state, frame, { condition: step.if, env })) cancel.abort();
  };
  const deadline = frame.deadline === null ? late.signal : AbortSignal.any([frame.deadline, late.signal]);
  return {
    signal: AbortSignal.any([cancel.signal, deadline]),
    cancelled: cancel.signal,
    deadline,
    timeoutMinutes,
    end: () => {
      clearTimeout(timer);
      state.onCancelled = outer;
    },
  };
}
