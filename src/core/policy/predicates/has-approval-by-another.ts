import { approvalDigest } from "../../task/approval-digest.ts";
import { pushersOf } from "../../task/pushers-of.ts";
import type { Task } from "../../task/state.ts";
import type { Explanation } from "../explanation.ts";
import { satisfied, unsatisfied } from "../explanation.ts";
import { namesOf } from "../names-of.ts";

/**
 * Somebody who neither asked for the work nor pushed onto its branch approved the merge of exactly the head commit and
 * all it rests on.
 */
export function hasApprovalByAnother(task: Task): Explanation {
  const name = "approved by somebody else";
  const head = task.headSha?.slice(0, 7);
  if (head === undefined) return unsatisfied(name, "Nothing has been pushed yet.");
  const digest = approvalDigest(task, "merge");
  const given = task.approvals.filter((approval) => approval.gate === "merge" && approval.digest === digest);
  const pushers = pushersOf(task);
  const counted = given.filter(({ by }) => by !== task.requester && !pushers.includes(by));
  if (counted.length > 0) return satisfied(name, `${namesOf(counted)} approved ${head}.`);
  if (given.length > 0)
    return unsatisfied(name, `Only ${task.requester}, who asked for the work, approved ${head}.`);
  const names = namesOf(pushers.map((by) => ({ by })));
  const pushed = pushers.length === 0 ? "" : ` ${names} pushed onto its branch, so that takes somebody else.`;
  return unsatisfied(name, `Nobody has approved ${head} yet.${pushed}`);
}
