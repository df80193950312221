import type { AttemptId, DeliveryId } from "../../base/ids.ts";
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
  const id = await context.store.tasks.findByBranch(intent.repository.id, intent.branch);
  const task = id ? (await context.store.tasks.load(id))?.task : null;
  if (!task) return "Not a branch that a task works on.";
  if (isOver(task)) return "The task was over.";
  if (intent.kind === "branch-pushed" && intent.sha === task.headSha) return "The push is on record already.";
  const { decisions, stored } = await changeTask(context, {
    task: task.id,
    actor: intent.sender.login,
    cause: `delivery:${delivery}`,
    repository: intent.repository,
    commands: [await commandOf(context, intent, task)],
    settled: { kind: "delivery", id: delivery, outcome: "Noted where the branch is." },
  });
  const [decision] = decisions;
  if (stored) return "Noted where the branch is.";
  return decision?.ok === false ? decision.error.message : "Nothing changed.";
}

async function commandOf(context: AppContext, intent: Moved, task: Task): Promise<TaskCommand> {
  const by = intent.sender.login;
  const github = await context.github(intent.tenant);
  const sha = await headNow(github, intent, task);
  if (sha === null) {
    const merged = await findMerge(context, task, by);
    return merged ?? { type: "observe-head", sha, by, changedFiles: [] };
  }
  const changedFiles =
    sha === task.headSha
      ? task.changedFiles
      : await github.changedFiles(intent.repository, task.baseSha, sha);
  const awaited = task.phase.kind === "delivering" ? task.phase.attempt.id : null;
  if (awaited && isDeliveryOf(awaited, { context, intent, head: sha })) {
    return { type: "deliver-work", attempt: awaited, headSha: sha, changedFiles };
  }
  return { type: "observe-head", sha, by, changedFiles };
}

/** Whether the head is what the attempt's deliver job pushed: nobody else pushes as the App. */
function isDeliveryOf(
  attempt: AttemptId,
  { context, intent, head }: { readonly context: AppContext; readonly intent: Moved; readonly head: string },
): boolean {
  return (
    intent.kind === "branch-pushed" &&
    intent.sender.login === context.identity.login &&
    intent.attempt === attempt &&
    intent.sha === head
  );
}

/** A push may be told late or again, after later ones: then only GitHub knows where the branch is. */
async function headNow(github: GitHub, intent: Moved, task: Task): Promise<string | null> {
  if (intent.before !== task.headSha) return github.headOf(intent.repository, intent.branch);
  return intent.kind === "branch-pushed" ? intent.sha : null;
}
