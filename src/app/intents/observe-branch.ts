import type { DeliveryId } from "../../base/ids.ts";
import type { TaskCommand } from "../../core/task/commands.ts";
import { isOver } from "../../core/task/derive-status.ts";
import type { Task } from "../../core/task/state.ts";
import type { GitHub } from "../../ports/github.ts";
import { changeTask } from "../change-task.ts";
import type { AppContext } from "../context.ts";
import type { Intent } from "../intent.ts";
import { findMerge } from "./find-merge.ts";

type Moved = Extract<Intent, { kind: "branch-pushed" | "branch-deleted" }>;

/**
 * Somebody moved or deleted a branch that a task works on. For a push of a deliver job this is the second way to hear
 * of it: the job's own result may have been lost, or comes later.
 */
export async function observeBranch(
  context: AppContext,
  intent: Moved,
  delivery: DeliveryId,
): Promise<string> {
  const task = (await context.store.tasks.findByBranch(intent.repository.id, intent.branch))?.task;
  if (!task) return "Not a branch that a task works on.";
  if (isOver(task)) return "The task was over.";
  if (intent.kind === "branch-pushed" && intent.sha === task.headSha) return "The push is on record already.";
  const command = await commandOf(context, intent, task);
  if (!command) return "The branch has moved since; that has an event of its own.";
  const { decisions, stored } = await changeTask(context, {
    task: task.id,
    actor: intent.sender.login,
    cause: `delivery:${delivery}`,
    repository: intent.repository,
    commands: [command],
    settled: { kind: "delivery", id: delivery, outcome: "Noted where the branch is." },
  });
  const [decision] = decisions;
  if (stored) return "Noted where the branch is.";
  return decision?.ok === false ? decision.error.message : "Nothing changed.";
}

/** null: the branch has moved on, by somebody whose event is on its way or was here before this one. */
async function commandOf(context: AppContext, intent: Moved, task: Task): Promise<TaskCommand | null> {
  const github = await context.github(intent.tenant);
  const sha = intent.kind === "branch-pushed" ? intent.sha : null;
  if (!(await isLatest(github, intent, { task, sha }))) return null;
  const { login } = intent.sender;
  const by = login === context.identity.login ? null : login;
  if (sha === null) {
    const merged = await findMerge(context, task, login);
    return merged ?? { type: "observe-head", sha, by, changedFiles: [] };
  }
  const changedFiles = await github.changedFiles(intent.repository, task.baseSha, sha);
  const awaited = task.phase.kind === "delivering" ? task.phase.attempt.id : null;
  // What the attempt's deliver job pushed: nobody else pushes as the App.
  if (awaited && by === null && intent.kind === "branch-pushed" && intent.attempt === awaited) {
    return { type: "deliver-work", attempt: awaited, headSha: sha, changedFiles };
  }
  return { type: "observe-head", sha, by, changedFiles };
}

/** A push may be told late or again, after later ones: only GitHub knows whether the branch still is where it led. */
async function isLatest(
  github: GitHub,
  { before, repository, branch }: Moved,
  { task, sha }: { readonly task: Task; readonly sha: string | null },
): Promise<boolean> {
  return before === task.headSha || (await github.headOf(repository, branch)) === sha;
}
