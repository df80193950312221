import type { AttemptId, LeaseId } from "../../base/ids.ts";
import type { Result } from "../../base/result.ts";
import { ok } from "../../base/result.ts";
import type { LeaseResponse } from "../../contract/attempt-api.ts";
import { currentAttempt } from "../../core/task/evolve.ts";
import { changeTask } from "../change-task.ts";
import type { AppContext } from "../context.ts";
import { resolveRole } from "../resolve-role.ts";
import { resolveSkills } from "../resolve-skills.ts";
import { findUntrusted } from "./find-untrusted.ts";
import { briefAttempt } from "./brief-attempt.ts";
import type { ApiProblem } from "./exchange.ts";
import { identifyRun, problem } from "./exchange.ts";
import { findSnapshot } from "./keep-snapshot.ts";
import { tokenHash } from "./token-hash.ts";

/** Gives the run that was started for an attempt the right to work on it, and all it needs to know. */
export async function leaseAttempt(
  context: AppContext,
  asked: { readonly attempt: AttemptId; readonly idToken: string },
): Promise<Result<LeaseResponse, ApiProblem>> {
  const identified = await identifyRun(context, { ...asked, environment: null });
  if (!identified.ok) return identified;
  const { task, run } = identified.value;
  const attempt = currentAttempt(task);
  if (attempt?.id !== asked.attempt)
    return problem("lease-over", `The task no longer waits for ${asked.attempt}.`);
  // A runner can be quicker than GitHub's answer to the dispatch that started it.
  if (attempt.run === null) {
    return problem(
      "run-unrecorded",
      `Which run ${asked.attempt} became is not on record yet; ask again soon.`,
    );
  }
  const role = await resolveRole(context, task, attempt.stage);
  if (!role.ok) return problem("not-found", role.error);
  const skills = await resolveSkills(context, task, attempt.stage);
  if (!skills.ok) return problem("not-found", skills.error);
  const untrusted = await findUntrusted(context, task);
  const token = context.randomness.token();
  const lease = `L-${tokenHash(token).slice(0, 16)}` as LeaseId;
  // The token is known before the lease is granted: what is granted can always be used.
  await context.store.attempts.saveLease({
    id: lease,
    attempt: attempt.id,
    tenant: task.tenant,
    tokenHash: tokenHash(token),
    seenAt: context.clock.now().toISOString(),
  });
  const { decisions, task: after } = await changeTask(context, {
    task: task.id,
    actor: "baton",
    cause: `lease:${lease}`,
    commands: [{ type: "claim-lease", attempt: attempt.id, lease, runId: run.runId }],
    settled: { kind: "none" },
  });
  const [decision] = decisions;
  if (decision?.ok === false) {
    const code = decision.error.code === "run-unknown" ? "run-unknown" : "lease-taken";
    return problem(code, decision.error.message);
  }
  const agent = { role: role.value, skills: skills.value, untrusted };
  const snapshot = await findSnapshot(context, after ?? task, attempt.stage);
  return ok({ token, briefing: briefAttempt(after ?? task, attempt, agent), snapshot });
}
