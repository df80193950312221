import type { AttemptId, LeaseId } from "../../base/ids.ts";
import { taskOfAttempt } from "../../base/ids.ts";
import type { Result } from "../../base/result.ts";
import { ok } from "../../base/result.ts";
import type { VerificationResponse, VerificationResult } from "../../contract/attempt-api.ts";
import { VERIFY_ENVIRONMENT } from "../../contract/attempt-api.ts";
import { currentVerifyRun } from "../../core/task/evolve.ts";
import type { Attempt, Task, VerifyRun } from "../../core/task/state.ts";
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
  const { policy, headSha } = task;
  const { command, timeoutMs } = policy.verify;
  const verifyRun = currentVerifyRun(task);
  if (headSha === null || command === null || verifyRun?.attempt !== asked.attempt) {
    return problem("nothing-to-verify", "The task waits for no verify command of this run.");
  }
  // A runner can be quicker than GitHub's answer to the dispatch that started it.
  if (verifyRun.run === null) {
    return problem(
      "run-unrecorded",
      `Which run ${asked.attempt} became is not on record yet; ask again soon.`,
    );
  }
  if (verifyRun.run.id !== run.runId) {
    return problem("run-unknown", `Run ${run.runId} is not the one started for attempt ${asked.attempt}.`);
  }
  const token = context.randomness.token();
  await context.store.attempts.saveLease({
    id: `V-${tokenHash(token).slice(0, 16)}` as LeaseId,
    attempt: asked.attempt,
    tenant: task.tenant,
    tokenHash: tokenHash(token),
    seenAt: context.clock.now().toISOString(),
  });
  const briefing = briefAttempt(task, asAttempt(task, verifyRun), null);
  return ok({ token, briefing, sha: headSha, command, timeoutMs });
}

/** A run of the command as the briefing knows attempts: of the verify stage, whose role runs no agent. */
function asAttempt({ policy }: Task, { attempt, number, dispatchedAt, run }: VerifyRun): Attempt {
  const { role, harness } = policy.stages.verify;
  return {
    id: attempt,
    stage: "verify",
    number,
    role,
    harness: harness.name,
    model: harness.model,
    dispatchedAt,
    run,
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
        attempt: asked.attempt,
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
