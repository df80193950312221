import { hash } from "node:crypto";
import type { AttemptId, LeaseId } from "../../base/ids.ts";
import { taskOfAttempt } from "../../base/ids.ts";
import type { Result } from "../../base/result.ts";
import { ok } from "../../base/result.ts";
import type { DeliveryResponse, DeliveryResult } from "../../contract/attempt-api.ts";
import { DELIVER_ENVIRONMENT } from "../../contract/attempt-api.ts";
import type { TaskCommand } from "../../core/task/commands.ts";
import type { Task } from "../../core/task/state.ts";
import { changeTask } from "../change-task.ts";
import type { AppContext } from "../context.ts";
import { noReplyAddress } from "../no-reply-address.ts";
import { briefAttempt } from "./brief-attempt.ts";
import type { ApiProblem } from "./exchange.ts";
import { identifyRun, problem } from "./exchange.ts";
import { tokenHash } from "./token-hash.ts";

/** Hands what an attempt made to the deliver job, with a token that can push it and do nothing else. */
export async function handOver(
  context: AppContext,
  asked: { readonly attempt: AttemptId; readonly idToken: string },
): Promise<Result<DeliveryResponse, ApiProblem>> {
  const identified = await identifyRun(context, { ...asked, environment: DELIVER_ENVIRONMENT });
  if (!identified.ok) return identified;
  const { task, run } = identified.value;
  const { phase } = task;
  if (phase.kind !== "delivering" || phase.attempt.id !== asked.attempt || phase.runId !== run.runId) {
    return problem("nothing-to-deliver", `The task waits for no delivery of ${asked.attempt} by this run.`);
  }
  const bundle = await context.store.attempts.loadBundle(asked.attempt);
  if (!bundle) return problem("bundle-missing", `The bundle of ${asked.attempt} is gone.`);
  const token = context.randomness.token();
  await context.store.attempts.saveLease({
    id: `D-${tokenHash(token).slice(0, 16)}` as LeaseId,
    attempt: asked.attempt,
    tenant: task.tenant,
    tokenHash: tokenHash(token),
    seenAt: context.clock.now().toISOString(),
  });
  const github = await context.github(task.tenant);
  return ok({
    token,
    pushToken: await github.pushToken(task.repository),
    briefing: briefAttempt(task, phase.attempt, null),
    bundleSha256: hash("sha256", bundle, "hex"),
    commit: await commitText(context, task),
  });
}

async function commitText(context: AppContext, task: Task): Promise<DeliveryResponse["commit"]> {
  const { login } = context.identity;
  const github = await context.github(task.tenant);
  const [own, requester] = await Promise.all([github.userIdOf(login), github.userIdOf(task.requester)]);
  const stage = task.phase.kind === "delivering" ? task.phase.attempt.stage : "implement";
  const verb = stage === "test" ? "Test" : "Implement";
  return {
    authorName: login,
    authorEmail: noReplyAddress(own, login),
    coAuthorName: task.requester,
    coAuthorEmail: noReplyAddress(requester, task.requester),
    subject: `${verb} #${task.issue.number}: ${task.issue.title}`.slice(0, 100),
  };
}

/** Whether the token is of this attempt's deliver job. */
async function holdsDelivery(
  context: AppContext,
  asked: { readonly attempt: AttemptId; readonly token: string },
): Promise<boolean> {
  const found = await context.store.attempts.findLease(tokenHash(asked.token));
  return found?.attempt === asked.attempt && found.id.startsWith("D-");
}

export async function loadBundle(
  context: AppContext,
  asked: { readonly attempt: AttemptId; readonly token: string },
): Promise<Result<Uint8Array, ApiProblem>> {
  if (!(await holdsDelivery(context, asked)))
    return problem("unauthorized", "The token is not of this delivery.");
  const bundle = await context.store.attempts.loadBundle(asked.attempt);
  return bundle ? ok(bundle) : problem("bundle-missing", `The bundle of ${asked.attempt} is gone.`);
}

/** What became of the delivery. A push is believed only as far as GitHub shows that head on the branch. */
export async function acceptDelivery(
  context: AppContext,
  asked: { readonly attempt: AttemptId; readonly token: string; readonly result: DeliveryResult },
): Promise<Result<null, ApiProblem>> {
  if (!(await holdsDelivery(context, asked)))
    return problem("unauthorized", "The token is not of this delivery.");
  const id = taskOfAttempt(asked.attempt);
  const task = (await context.store.tasks.load(id))?.task;
  if (!task) return problem("not-found", `There is no attempt ${asked.attempt}.`);
  const { result } = asked;
  if (result.outcome === "pushed" && task.headSha === result.headSha) return ok(null);
  const command = await commandOf(context, task, asked);
  if (!command.ok) return command;
  const { decisions, task: now } = await changeTask(context, {
    task: id,
    actor: "baton",
    cause: `delivery-of:${asked.attempt}`,
    commands: [command.value],
    settled: { kind: "none" },
  });
  const [decision] = decisions;
  // The push's webhook may have come in between.
  const isOnRecord = result.outcome === "pushed" && now?.headSha === result.headSha;
  if (decision?.ok !== false || isOnRecord) return ok(null);
  return problem("nothing-to-deliver", decision.error.message);
}

async function commandOf(
  context: AppContext,
  task: Task,
  { attempt, result }: { readonly attempt: AttemptId; readonly result: DeliveryResult },
): Promise<Result<TaskCommand, ApiProblem>> {
  if (result.outcome === "refused") return ok({ type: "reject-work", attempt, failure: result.failure });
  const github = await context.github(task.tenant);
  const head = await github.headOf(task.repository, task.branch);
  if (head !== result.headSha) {
    const is = head === null ? "is not there" : `is at ${head.slice(0, 7)}`;
    return problem("head-differs", `The branch ${task.branch} ${is}, not at ${result.headSha.slice(0, 7)}.`);
  }
  const changedFiles = await github.changedFiles(task.repository, task.baseSha, head);
  return ok({ type: "deliver-work", attempt, headSha: head, changedFiles });
}
