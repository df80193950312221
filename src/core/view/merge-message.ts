import { approvalDigest } from "../task/approval-digest.ts";
import type { Task } from "../task/state.ts";
import { neutralized, plainLine } from "./inline-text.ts";

/**
 * Subject and body of the merge commit, ending in trailers: who asked for the work as its co-author, who approved it,
 * and the task to look it up by. `requesterEmail`: an address that GitHub links to the requester.
 */
export function mergeMessage(
  task: Task,
  requesterEmail: string,
): { readonly title: string; readonly message: string } {
  const subject = neutralized(plainLine(task.issue.title, 200));
  const title = task.pull ? `${subject} (#${task.pull.number})` : subject;
  const trailers = [
    ...approversOf(task).map((login) => `Approved-by: ${login}`),
    `Baton-task: ${task.id}`,
    `Co-authored-by: ${task.requester} <${requesterEmail}>`,
  ];
  return { title, message: `Closes #${task.issue.number}\n\n${trailers.join("\n")}` };
}

/** Whose approval of this very merge, or of its plan, still stands. */
function approversOf(task: Task): readonly string[] {
  const standing = task.approvals.filter(({ gate, digest }) => digest === approvalDigest(task, gate));
  return [...new Set(standing.map(({ by }) => by))];
}
