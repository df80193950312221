import type { DeliveryId } from "../../base/ids.ts";
import { changeTask } from "../change-task.ts";
import type { AppContext } from "../context.ts";
import type { Intent } from "../intent.ts";
import { findMerge } from "./find-merge.ts";

type Closed = Extract<Intent, { kind: "issue-closed" }>;

/** Closing an issue ends its task; where the merge of its pull request closed it, the task is complete. */
export async function closeIssue(context: AppContext, intent: Closed, delivery: DeliveryId): Promise<string> {
  if (intent.isPull) return "Pull requests have an event of their own.";
  const found = await context.store.tasks.findByIssue(intent.repository.id, intent.issue.number);
  if (!found) return "No task works on this issue.";
  const github = await context.github(intent.tenant);
  const issue = intent.why === "closed" ? await github.issue(intent.repository, intent.issue.number) : null;
  if (issue?.state === "open") return "The issue is open again.";
  const command = (await findMerge(context, found.task, intent.sender.login)) ?? {
    type: "cancel",
    why: `the issue was ${intent.why}`,
  };
  const { stored } = await changeTask(context, {
    task: found.task.id,
    actor: intent.sender.login,
    cause: `delivery:${delivery}`,
    repository: intent.repository,
    commands: [command],
    settled: { kind: "delivery", id: delivery, outcome: "Ended the task." },
  });
  return stored ? "Ended the task." : "The task was over.";
}
