import { assertNever } from "../../base/assert-never.ts";
import type { Task } from "../task/state.ts";
import type { Explanation } from "./explanation.ts";
import { allOf } from "./explanation.ts";
import { checksAreGreen } from "./predicates/checks-are-green.ts";
import { hasApprovalByAnother } from "./predicates/has-approval-by-another.ts";
import { planIsApproved } from "./predicates/plan-is-approved.ts";

/** May the head commit be merged? What a tier demands, each demand explained. */
export function evaluateMergeGate(task: Task): Explanation {
  return allOf("merge gate", demandsOf(task));
}

function demandsOf(task: Task): readonly Explanation[] {
  switch (task.tier) {
    case "low":
      return [checksAreGreen(task)];
    case "medium":
      return [checksAreGreen(task), hasApprovalByAnother(task)];
    case "high":
      return [planIsApproved(task), checksAreGreen(task), hasApprovalByAnother(task)];
    default:
      return assertNever(task.tier);
  }
}
