import type { DeliveryId } from "../../base/ids.ts";
import { changeTask } from "../change-task.ts";
import { showPolicyCheck } from "../check-policy.ts";
import type { AppContext } from "../context.ts";
import type { Intent } from "../intent.ts";
import { readPolicy } from "../read-policy.ts";

type PolicyChanged = Extract<Intent, { kind: "policy-changed" }>;

/** A new policy on the base branch governs open tasks at once; an invalid one changes nothing but its check. */
export async function changePolicyOfTasks(
  context: AppContext,
  intent: PolicyChanged,
  delivery: DeliveryId,
): Promise<string> {
  const github = await context.github(intent.tenant);
  const { repository } = intent;
  await showPolicyCheck(context, github, repository, { sha: intent.sha, base: null });
  // A push can be told late or again: what governs is what stands on the branch now.
  const head = await github.headOf(repository, repository.defaultBranch);
  const read = await readPolicy(github, repository, head ?? intent.sha);
  if (read.kind !== "valid") return `The policy is ${read.kind}: open tasks keep the one they have.`;
  let told = 0;
  for (const id of await context.store.tasks.listOpenInRepository(repository.id)) {
    const { stored } = await changeTask(context, {
      task: id,
      actor: intent.sender.login,
      cause: `delivery:${delivery}`,
      commands: [{ type: "change-policy", policy: read.policy }],
      settled: { kind: "none" },
    });
    if (stored) told++;
  }
  return `The policy governs ${told} open tasks anew.`;
}
