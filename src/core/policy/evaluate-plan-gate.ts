import type { Task } from "../task/state.ts";
import type { Explanation } from "./explanation.ts";
import { allOf, satisfied } from "./explanation.ts";
import { planIsApproved } from "./predicates/plan-is-approved.ts";

/** May the work go past the plan? Only a high change asks for a yes there. */
export function evaluatePlanGate(task: Task): Explanation {
  const name = "plan gate";
  if (task.tier !== "high") return satisfied(name, `A ${task.tier} change needs no approval of its plan.`);
  return allOf(name, [planIsApproved(task)]);
}
