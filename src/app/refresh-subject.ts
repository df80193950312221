import type { TaskCommand } from "../core/task/commands.ts";
import type { Issue, Task } from "../core/task/state.ts";
import type { GitHub } from "../ports/github.ts";
import { changeTask } from "./change-task.ts";
import type { AppContext } from "./context.ts";
import { withoutOwnLabels } from "./intents/without-own-labels.ts";
import { readPolicy } from "./read-policy.ts";

/**
 * Takes over what an approval covers as GitHub has it now. The webhook that tells of a change may still be on its way,
 * and a yes must never count for something other than what was looked at.
 */
export async function refreshSubject(context: AppContext, task: Task, cause: string): Promise<void> {
  const github = await context.github(task.tenant);
  const issue = await readIssue(github, task);
  const policy = await readGoverningPolicy(github, task);
  const commands: TaskCommand[] = [
    ...(policy ? [{ type: "change-policy", policy } as const] : []),
    ...(issue ? [{ type: "change-issue", issue } as const] : []),
  ];
  await changeTask(context, { task: task.id, actor: "baton", cause, commands, settled: { kind: "none" } });
}

/** The issue as people have written it by now, whatever an event that came late or again says; null when it is gone. */
export async function readIssue(github: GitHub, task: Task): Promise<Issue | null> {
  const { number } = task.issue;
  const found = await github.issue(task.repository, number);
  if (!found) return null;
  const { title, body, labels } = found;
  return withoutOwnLabels({ number, title, body, labels }, task.policy);
}

/** An invalid policy governs nothing: open tasks keep the one they have. */
async function readGoverningPolicy(github: GitHub, { repository }: Task) {
  const head = await github.headOf(repository, repository.defaultBranch);
  const read = head === null ? null : await readPolicy(github, repository, head);
  return read?.kind === "valid" ? read.policy : null;
}
