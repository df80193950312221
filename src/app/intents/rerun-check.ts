import type { DeliveryId } from "../../base/ids.ts";
import { authorize } from "../../core/policy/authorize.ts";
import { STAGES } from "../../core/task/state.ts";
import { changeTask } from "../change-task.ts";
import type { AppContext } from "../context.ts";
import type { Intent } from "../intent.ts";
import { mirrorTask } from "../mirror-task.ts";

type Rerequested = Extract<Intent, { kind: "check-rerequested" }>;

/**
 * "Re-run" on the check of a stage is a `/retry` of that stage, by whoever pressed it. The gate, or all checks at once,
 * mean no stage: then what waits for a person is tried again, and what went well is only shown again.
 */
export async function rerunCheck(
  context: AppContext,
  intent: Rerequested,
  delivery: DeliveryId,
): Promise<string> {
  const found = intent.branch
    ? await context.store.tasks.findByBranch(intent.repository.id, intent.branch)
    : null;
  if (found?.task.headSha !== intent.sha) return "No task works on this commit.";
  const { task } = found;
  const github = await context.github(intent.tenant);
  const allowed = authorize(task.policy, "retry", {
    login: intent.sender.login,
    role: await github.roleOf(intent.repository, intent.sender.login),
    isBot: intent.sender.type === "bot",
  });
  if (!allowed.ok) return allowed.error.message;
  const stage = STAGES.find((candidate) => intent.name === `baton/${candidate}`) ?? null;
  const { kind } = task.phase;
  if (stage === null && kind !== "stuck" && kind !== "backing-off") {
    await mirrorTask(context, task.id, { always: true });
    return "Showed the checks again.";
  }
  const { decisions, stored } = await changeTask(context, {
    task: task.id,
    actor: intent.sender.login,
    cause: `delivery:${delivery}`,
    repository: intent.repository,
    commands: [{ type: "retry", stage, guidance: null }],
    settled: { kind: "delivery", id: delivery, outcome: "Tries the stage again." },
  });
  const [decision] = decisions;
  if (stored) return "Tries the stage again.";
  return decision?.ok === false ? decision.error.message : "Nothing changed.";
}
