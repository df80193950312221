import type { AttemptId, LeaseId } from "../../base/ids.ts";
import type { Result } from "../../base/result.ts";
import { ok } from "../../base/result.ts";
import type { HeartbeatRequest, HeartbeatResponse } from "../../contract/attempt-api.ts";
import { blockedReason, deriveStatus } from "../../core/task/derive-status.ts";
import type { Task } from "../../core/task/state.ts";
import { taskOfAttempt } from "../../base/ids.ts";
import type { AppContext } from "../context.ts";
import type { ApiProblem } from "./exchange.ts";
import { problem } from "./exchange.ts";
import { tokenHash } from "./token-hash.ts";

export type Holder = { readonly lease: LeaseId; readonly task: Task; readonly holds: boolean };

/** Whether it is any token that was given out for this attempt: what it allows is for the use case to say. */
export async function isTokenOf(
  context: AppContext,
  asked: { readonly attempt: AttemptId; readonly token: string },
): Promise<boolean> {
  const lease = await context.store.attempts.findLease(tokenHash(asked.token));
  return lease?.attempt === asked.attempt;
}

/** Whose lease token this is, and whether the lease is still the task's. */
export async function findHolder(
  context: AppContext,
  asked: { readonly attempt: AttemptId; readonly token: string },
): Promise<Result<Holder, ApiProblem>> {
  const lease = await context.store.attempts.findLease(tokenHash(asked.token));
  if (!lease || lease.attempt !== asked.attempt) {
    return problem("unauthorized", "The token is not of this attempt.");
  }
  const loaded = await context.store.tasks.load(taskOfAttempt(asked.attempt));
  if (!loaded) return problem("not-found", `There is no attempt ${asked.attempt}.`);
  const { phase } = loaded.task;
  const holds = phase.kind === "leased" && phase.lease.id === lease.id;
  return ok({ lease: lease.id, task: loaded.task, holds });
}

/**
 * A sign of life with what the session showed since the last one; the answer says whether to go on. What a session
 * shows after its lease is over belongs to nothing any more and is not kept.
 */
export async function recordHeartbeat(
  context: AppContext,
  asked: { readonly attempt: AttemptId; readonly token: string; readonly heartbeat: HeartbeatRequest },
): Promise<Result<HeartbeatResponse, ApiProblem>> {
  const holder = await findHolder(context, asked);
  if (!holder.ok) return holder;
  const { lease, task, holds } = holder.value;
  if (!holds) return ok({ directive: "cancel", why: whyOver(task) });
  const { attempts } = context.store;
  const { events } = asked.heartbeat;
  if (events.length > 0) {
    await attempts.appendSessionEvents(
      asked.attempt,
      events.map((event) => JSON.stringify(event)),
    );
  }
  await attempts.touchLease(lease, context.clock.now().toISOString());
  return ok({ directive: "continue", why: null });
}

function whyOver(task: Task): string {
  const reason = blockedReason(task);
  return `The lease is over: the task is ${deriveStatus(task)}${reason ? ` (${reason})` : ""}.`;
}
