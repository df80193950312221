import type { Facts } from "../commands.ts";
import type { TaskEvent } from "../events.ts";
import type { Attempt, Failure, Task } from "../state.ts";

/** Of policies that were stored before they could say it. */
const DEFAULT_OUTAGES = 10;

/** Longer than after a failure: a provider that turns requests away is not helped by more of them. */
const FIRST_PAUSE_MS = 60_000;
const LONGEST_PAUSE_MS = 30 * 60_000;

/**
 * A pause and another try that takes nothing from the stage's retries, or a person's turn once the provider has not
 * answered as often in a row as the policy lets it.
 * @param task the task before the failure.
 */
export function waitForModel(task: Task, attempt: Attempt, failure: Failure, facts: Facts): TaskEvent[] {
  const outage = (task.outages ?? 0) + 1;
  const most = task.policy.retry.maxOutages ?? DEFAULT_OUTAGES;
  if (outage > most) {
    const times = outage === 1 ? "" : ` ${outage} times in a row`;
    return [
      { type: "AttemptFailed", attempt: attempt.id, failure },
      {
        type: "TaskStuck",
        reason: "exhausted",
        stage: attempt.stage,
        detail: `The model's provider did not answer${times}, the last time because: ${failure.summary}`,
      },
    ];
  }
  const until = new Date(Date.parse(facts.now) + pauseMs(outage, facts.draw)).toISOString();
  return [{ type: "AttemptPutOff", attempt: attempt.id, failure, outage, until }];
}

/** Exponential with equal jitter, so that many tasks do not come back at the same moment. */
function pauseMs(outage: number, draw: number): number {
  const whole = Math.min(LONGEST_PAUSE_MS, FIRST_PAUSE_MS * 2 ** (outage - 1));
  return Math.round(whole / 2 + (whole / 2) * draw);
}
