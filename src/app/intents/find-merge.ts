import type { TaskCommand } from "../../core/task/commands.ts";
import type { Task } from "../../core/task/state.ts";
import type { AppContext } from "../context.ts";

/**
 * The merge of a task's pull request, if it was merged: closing the issue and deleting the branch follow from a merge,
 * and their events may come before its own.
 */
export async function findMerge(context: AppContext, task: Task, by: string): Promise<TaskCommand | null> {
  if (!task.pull) return null;
  const github = await context.github(task.tenant);
  const pull = await github.pullRequest(task.repository, task.pull.number);
  if (pull?.state !== "merged" || pull.mergeSha === null) return null;
  return { type: "record-merge", mergeSha: pull.mergeSha, by };
}
