import type { AttemptId, LeaseId } from "../../base/ids.ts";
import { taskOfAttempt } from "../../base/ids.ts";
import type { Result } from "../../base/result.ts";
import { ok } from "../../base/result.ts";
import type { VerificationResponse, VerificationResult } from "../../contract/attempt-api.ts";
import { VERIFY_ENVIRONMENT } from "../../contract/attempt-api.ts";
import type { Attempt, Task } from "../../core/task/state.ts";
import { changeTask } from "../change-task.ts";
import type { AppContext } from "../context.ts";
import { briefAttempt } from "./brief-attempt.ts";
import type { ApiProblem } from "./exchange.ts";
import { identifyRun, problem } from "./exchange.ts";
import { tokenHash } from "./token-hash.ts";

/** Tells the verify job which commit to verify with which command. */
export async function beginVerification(
  context: AppContext,
  asked: { readonly attempt: AttemptId; readonly idToken: string },
): Promise<Result<VerificationResponse, ApiProblem>> {
  const identified = await identifyRun(context, { ...asked, environment: VERIFY_ENVIRONMENT });
  if (!identified.ok) return identified;
  const { task, run } = identified.value;
  const { command, timeoutMs } = task.policy.verify;
  const delivered = task.stages.find(({ run: ofStage }) => ofStage?.id === run.runId);
  if (task.phase.kind !== "verifying" || command === null || !delivered) {
    return problem("nothing-to-verify", "The task waits for no verify command of this run.");
  }
  const token = context.randomness.token();
  await context.store.attempts.saveLease({
    id: `V-${tokenHash(token).slice(0, 16)}` as LeaseId,
    attempt: asked.attempt,
    tenant: task.tenant,
    tokenHash: tokenHash(token),
    seenAt: context.clock.now().toISOString(),
  });
  const briefing = briefAttempt(task, attemptAsWas(task, asked.attempt, delivered), null);
  return ok({ token, briefing, sha: task.phase.sha, command, timeoutMs });
}

/** The attempt is over when its work is verified; the briefing still tells its stage and number. */
function attemptAsWas(task: Task, id: AttemptId, delivered: Task["stages"][number]): Attempt {
  const { role, harness } = task.policy.stages[delivered.stage];
  return {
    id,
    stage: delivered.stage,
    number: delivered.attempts,
    role,
    harness: harness.name,
    model: harness.model,
    dispatchedAt: task.openedAt,
    run: delivered.run,
  };
}

export async function acceptVerification(
  context: AppContext,
  asked: { readonly attempt: AttemptId; readonly token: string; readonly result: VerificationResult },
): Promise<Result<null, ApiProblem>> {
  const found = await context.store.attempts.findLease(tokenHash(asked.token));
  if (found?.attempt !== asked.attempt || !found.id.startsWith("V-")) {
    return problem("unauthorized", "The token is not of this verification.");
  }
  const { result } = asked;
  const { decisions, task } = await changeTask(context, {
    task: taskOfAttempt(asked.attempt),
    actor: "baton",
    cause: `lease:${found.id}`,
    commands: [
      {
        type: "record-verification",
        sha: result.sha,
        failure: result.outcome === "failed" ? result.failure : null,
      },
    ],
    settled: { kind: "none" },
  });
  const [decision] = decisions;
  if (decision?.ok !== false || task?.verification?.sha === result.sha) return ok(null);
  return problem("nothing-to-verify", decision.error.message);
}
