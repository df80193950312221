import type { Facts } from "../commands.ts";
import type { TaskEvent } from "../events.ts";
import { progressOf } from "../stage-progress.ts";
import type { Failure, Stage, Task } from "../state.ts";

/**
 * A pause and another try of `stage`, or a person's turn once the policy's retries are used up.
 * @param task the task before the failure: its counts include the attempt that failed.
 */
export function scheduleRetry(task: Task, stage: Stage, failure: Failure, facts: Facts): TaskEvent {
  const made = progressOf(task, stage).attempts;
  const { maxRetries } = task.policy.retry;
  if (made > maxRetries) {
    return {
      type: "TaskStuck",
      reason: "exhausted",
      stage,
      detail: `${stage} failed ${made === 1 ? "once" : `${made} times`}, the last time because: ${failure.summary}`,
    };
  }
  const until = new Date(Date.parse(facts.now) + backoffMs(task, made, facts.draw)).toISOString();
  return { type: "RetryScheduled", stage, attemptNumber: made + 1, until };
}

/** Exponential with equal jitter: between half and the whole of `backoffMs · 2^(made − 1)`, at most the cap. */
function backoffMs(task: Task, made: number, draw: number): number {
  const { backoffMs: base, backoffCapMs } = task.policy.retry;
  const whole = Math.min(backoffCapMs, base * 2 ** Math.max(0, made - 1));
  return Math.round(whole / 2 + (whole / 2) * draw);
}
