import type { Facts } from "../commands.ts";
import type { TaskEvent } from "../events.ts";
import type { Task } from "../state.ts";

type Verifying = Extract<Task["phase"], { kind: "verifying" }>;

/**
 * Whether these are all the checks there will be. GitHub never says so: a quick status can be green before the suites
 * of Actions exist. Named checks leave no doubt; without names, nothing may have changed for the policy's time to settle.
 */
export function areSettled(
  task: Task,
  { settling }: Verifying,
  green: readonly string[],
  facts: Facts,
): boolean {
  const { required, settleMs } = task.policy.verify;
  if (required.length > 0 || settleMs === 0) return true;
  if (!settling || !sameNames(settling.names, green)) return false;
  return Date.parse(facts.now) - Date.parse(settling.since) >= settleMs;
}

/**
 * Notes what has changed about the checks, so that the time to settle begins anew.
 * @param green the names of all checks, all green; null: one is under way.
 */
export function noteChecks({ sha, settling }: Verifying, green: readonly string[] | null): TaskEvent[] {
  const same = settling && green ? sameNames(settling.names, green) : settling === green;
  return same ? [] : [{ type: "ChecksSeen", sha, green }];
}

function sameNames(some: readonly string[], others: readonly string[]): boolean {
  return some.toSorted().join("\n") === others.toSorted().join("\n");
}
