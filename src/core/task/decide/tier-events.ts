import { assessTier } from "../../policy/assess-tier.ts";
import type { TaskEvent } from "../events.ts";
import type { Task } from "../state.ts";

/** The tier follows what is known: what the plan means to change, and what has really changed. */
export function tierEvents(task: Task, changedFiles: readonly string[]): TaskEvent[] {
  const planned = task.plan?.paths ?? [];
  const { tier, reasons } = assessTier(task.policy, {
    labels: task.issue.labels,
    paths: [...new Set([...planned, ...changedFiles])],
  });
  return tier === task.tier ? [] : [{ type: "TierChanged", tier, reasons }];
}
