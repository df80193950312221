import type { TaskEvent } from "../events.ts";
import { currentAttempt } from "../evolve.ts";
import type { Task } from "../state.ts";

type StopReason = Extract<TaskEvent, { type: "AttemptStopped" }>["why"];

/** The events that end the attempt under way, if there is one. */
export function stopAttempt(task: Task, why: StopReason): TaskEvent[] {
  const attempt = currentAttempt(task);
  if (!attempt) return [];
  const ended: TaskEvent[] =
    task.phase.kind === "leased" ? [{ type: "LeaseEnded", lease: task.phase.lease.id, why: "revoked" }] : [];
  return [...ended, { type: "AttemptStopped", attempt: attempt.id, why }];
}
