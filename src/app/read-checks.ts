import type { TaskId } from "../base/ids.ts";
import { judgeChecks } from "../core/task/judge-checks.ts";
import type { Settled } from "../ports/task-store.ts";
import { changeTask } from "./change-task.ts";
import type { AppContext } from "./context.ts";

/** Asks GitHub what the checks of a commit say and tells the task; the answer is one sentence for the record. */
export async function readChecks(
  context: AppContext,
  asked: { readonly task: TaskId; readonly sha: string; readonly cause: string; readonly settled: Settled },
): Promise<string> {
  const loaded = await context.store.tasks.load(asked.task);
  if (!loaded || !waitsFor(loaded.task.phase, asked.sha))
    return "No task waits for the checks of this commit.";
  const { task } = loaded;
  const github = await context.github(task.tenant);
  const observed = await github.observeChecks(task.repository, asked.sha);
  const red = observed.checks.some(({ state }) => state === "red");
  const diff = red ? await github.diff(task.repository, task.baseSha, asked.sha) : "";
  const verdict = judgeChecks(task, { ...observed, diff });
  const { decisions, stored } = await changeTask(context, {
    task: asked.task,
    actor: "baton",
    cause: asked.cause,
    commands: [{ type: "observe-checks", sha: asked.sha, policy: task.policy.digest, verdict }],
    settled: asked.settled,
  });
  const [decision] = decisions;
  if (stored) return "Read the commit's checks.";
  return decision?.ok === false ? decision.error.message : "The checks are not over.";
}

function waitsFor(phase: { readonly kind: string; readonly sha?: string }, sha: string): boolean {
  return (phase.kind === "verifying" || phase.kind === "reviewable") && phase.sha === sha;
}
