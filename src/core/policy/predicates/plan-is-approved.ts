import { approvalDigest } from "../../task/approval-digest.ts";
import type { Task } from "../../task/state.ts";
import type { Explanation } from "../explanation.ts";
import { satisfied, unsatisfied } from "../explanation.ts";
import { namesOf } from "../names-of.ts";

/** Somebody who did not ask for the work approved the plan as it is now, with all that the approval covers. */
export function planIsApproved(task: Task): Explanation {
  const name = "plan is approved";
  if (!task.plan) return unsatisfied(name, "There is no plan yet.");
  const digest = approvalDigest(task, "plan");
  const given = task.approvals.filter((approval) => approval.gate === "plan" && approval.digest === digest);
  const counted = given.filter(({ by }) => by !== task.requester);
  const short = digest.slice(0, 7);
  if (counted.length > 0) return satisfied(name, `${namesOf(counted)} approved it (${short}).`);
  if (given.length > 0)
    return unsatisfied(name, `Only ${task.requester}, who asked for the work, approved it.`);
  return unsatisfied(name, `Nobody has approved it yet (${short}).`);
}
