import type { AttemptId } from "../../base/ids.ts";
import type { Result } from "../../base/result.ts";
import { ok } from "../../base/result.ts";
import type { Stage, Task } from "../../core/task/state.ts";
import type { AppContext } from "../context.ts";
import type { ApiProblem } from "./exchange.ts";
import { problem } from "./exchange.ts";
import { findHolder } from "./hold-lease.ts";

type Asked = { readonly attempt: AttemptId; readonly token: string };

/** Keeps what an attempt has done so far, in place of what it had done before. */
export async function acceptSnapshot(
  context: AppContext,
  asked: Asked & { readonly snapshot: Uint8Array },
): Promise<Result<null, ApiProblem>> {
  const holder = await findHolder(context, asked);
  if (!holder.ok) return holder;
  if (!holder.value.holds) return problem("lease-over", "The lease is over: the snapshot is not taken.");
  await context.store.attempts.saveSnapshot(asked.attempt, asked.snapshot);
  return ok(null);
}

/** What the attempt at this stage that was lost last has left; null where none has left anything. */
export async function findSnapshot(context: AppContext, task: Task, stage: Stage): Promise<AttemptId | null> {
  if (task.unfinished?.stage !== stage) return null;
  return context.store.attempts.newestSnapshot(task.unfinished.attempts);
}

/** What the holder of a lease goes on with. */
export async function loadSnapshot(
  context: AppContext,
  asked: Asked,
): Promise<Result<Uint8Array, ApiProblem>> {
  const holder = await findHolder(context, asked);
  if (!holder.ok) return holder;
  const { task, holds } = holder.value;
  if (!holds || task.phase.kind !== "leased") return problem("lease-over", "The lease is over.");
  const left = await findSnapshot(context, task, task.phase.attempt.stage);
  const snapshot = left === null ? null : await context.store.attempts.loadSnapshot(left);
  return snapshot ? ok(snapshot) : problem("not-found", "There is nothing to go on with.");
}
