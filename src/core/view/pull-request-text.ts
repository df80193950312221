import type { Task } from "../task/state.ts";
import { inlineCode, neutralized, plainLine } from "./inline-text.ts";

/** GitHub's limit for titles. */
const MAX_TITLE = 256;

/** Title and body of the draft pull request, written once, when it is opened; what changes stands in the status comment. */
export function pullRequestText(task: Task): { readonly title: string; readonly body: string } {
  const { issue } = task;
  const title = neutralized(plainLine(issue.title, MAX_TITLE - 20));
  const body = [
    `<!-- baton:pull:${task.id} -->`,
    `Closes #${issue.number}`,
    `Baton works on this for ${inlineCode(task.requester, 60)}. The plan, the stages and what is waited for stand in its comment on #${issue.number}; the checks here show the same for the head commit.`,
    "A review that approves counts at the merge gate, one that requests changes sends the work back with your words.",
  ].join("\n\n");
  return { title: title === "" ? `Work on issue ${issue.number}` : title, body };
}
