import type { DeliveryId } from "../../base/ids.ts";
import type { AuthorizationRefusal } from "../../core/policy/authorize.ts";
import { authorize } from "../../core/policy/authorize.ts";
import type { TaskCommand } from "../../core/task/commands.ts";
import type { Refusal } from "../../core/task/refusal.ts";
import { answerLine } from "../../core/view/answer-line.ts";
import { changeTask } from "../change-task.ts";
import type { AppContext } from "../context.ts";
import type { Intent } from "../intent.ts";
import { refreshSubject } from "../refresh-subject.ts";

type Review = Extract<Intent, { kind: "review-submitted" | "review-dismissed" }>;

/** A review on GitHub is a yes or a no at the merge gate, if whoever gave it may say so here. */
export async function takeReview(context: AppContext, intent: Review, delivery: DeliveryId): Promise<string> {
  const found = await context.store.tasks.findByPull(intent.repository.id, intent.pull.number);
  if (!found) return "Not a pull request of Baton's.";
  const { task } = found;
  const command = commandOf(intent);
  if (!command) return "A review that only comments changes nothing.";
  if (command.type !== "dismiss-approval") {
    const github = await context.github(intent.tenant);
    const allowed = authorize(task.policy, command.type === "approve" ? "approve" : "retry", {
      login: intent.reviewer.login,
      role: await github.roleOf(intent.repository, intent.reviewer.login),
      isBot: intent.reviewer.type === "bot",
    });
    if (!allowed.ok) return answerRefusal(context, intent, delivery, allowed.error);
    if (command.type === "approve") await refreshSubject(context, task, `delivery:${delivery}`);
  }
  const { decisions, stored } = await changeTask(context, {
    task: task.id,
    actor: intent.reviewer.login,
    cause: `delivery:${delivery}`,
    repository: intent.repository,
    commands: [command],
    settled: { kind: "delivery", id: delivery, outcome: `Carried out: ${command.type}.` },
  });
  const [decision] = decisions;
  if (stored) return `Carried out: ${command.type}.`;
  return decision?.ok === false
    ? answerRefusal(context, intent, delivery, decision.error)
    : "Nothing changed.";
}

/** A review takes no reaction, so that whoever gave it is told in a comment why it does not count. */
async function answerRefusal(
  context: AppContext,
  intent: Review,
  delivery: DeliveryId,
  refusal: Refusal | AuthorizationRefusal,
): Promise<string> {
  const { reviewer, repository, pull } = intent;
  const saysWhy =
    intent.kind === "review-submitted" && reviewer.type === "user" && refusal.code !== "task-over";
  if (saysWhy) {
    const github = await context.github(intent.tenant);
    const marker = `<!-- baton:answer:${delivery} -->`;
    const line = `@${reviewer.login} ${answerLine(refusal)}`;
    await github.ensureComment(repository, pull.number, marker, `${marker}\n${line}`);
  }
  return refusal.message;
}

function commandOf(intent: Review): TaskCommand | null {
  if (intent.kind === "review-dismissed")
    return { type: "dismiss-approval", reviewer: intent.reviewer.login };
  const { sha, at, body } = intent;
  if (intent.state === "approved")
    return { type: "approve", digest: null, givenAt: at, source: "review", sha };
  if (intent.state === "changes-requested") return { type: "request-changes", sha, body };
  return null;
}
