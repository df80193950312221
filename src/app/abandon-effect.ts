import type { TaskCommand } from "../core/task/commands.ts";
import type { Effect } from "../core/task/effect.ts";
import type { PendingEffect } from "../ports/task-store.ts";
import { changeTask } from "./change-task.ts";
import type { AppContext } from "./context.ts";

/**
 * Tells the task that an effect was tried in vain for the last time, where the task would wait for it for ever: a
 * person then sees why, and what to do.
 * @param why what went wrong last.
 */
export async function abandonEffect(context: AppContext, pending: PendingEffect, why: string): Promise<void> {
  const command = commandOf(pending.effect, why);
  if (!command) return;
  await changeTask(context, {
    task: pending.task,
    actor: "baton",
    cause: `effect:${pending.id}`,
    commands: [command],
    settled: { kind: "effect", id: pending.id, outcome: `Given up: ${why}` },
  });
}

function commandOf(effect: Effect, why: string): TaskCommand | null {
  switch (effect.kind) {
    case "dispatch-run":
      return { type: "refuse-run", attempt: effect.attempt, why: `The run could not be started: ${why}` };
    case "merge":
      return { type: "refuse-merge", sha: effect.sha, why: `Merging failed time and again: ${why}` };
    default:
      return null;
  }
}
