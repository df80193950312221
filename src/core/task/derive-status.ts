import { assertNever } from "../../base/assert-never.ts";
import type { BlockedReason, Task, TaskStatus } from "./state.ts";

/** The status that people see: derived from the state each time, never stored beside it. */
export function deriveStatus(task: Task): TaskStatus {
  const { phase } = task;
  switch (phase.kind) {
    case "completed":
      return "completed";
    case "cancelled":
      return "cancelled";
    case "gated":
    case "stuck":
      return "blocked";
    case "backing-off":
      if (task.hold) return "blocked";
      // The work has not failed: it goes on when the model's provider answers again.
      return phase.outage === undefined ? "failed" : "retrying";
    case "verifying":
      return task.hold ? "blocked" : "testing";
    case "reviewable":
    case "merging":
      return task.hold ? "blocked" : "ready-for-review";
    case "queued":
    case "dispatched":
    case "leased":
    case "delivering":
      return task.hold ? "blocked" : workingStatus(task);
    default:
      return assertNever(phase);
  }
}

/** Why a blocked task is blocked; null when it is not. A hold comes first, for nothing else matters until it ends. */
export function blockedReason(task: Task): BlockedReason | null {
  if (isOver(task)) return null;
  if (task.hold) return "hold";
  if (task.phase.kind === "gated") return "approval";
  if (task.phase.kind === "stuck") return task.phase.reason;
  return null;
}

export function isOver(task: Task): boolean {
  return task.phase.kind === "completed" || task.phase.kind === "cancelled";
}

function workingStatus(task: Task): TaskStatus {
  if (task.retrying) return "retrying";
  if (!task.begun) return "pending";
  return currentStage(task) === "review" ? "testing" : "in-progress";
}

/** The stage that the task is at; null once all have passed or the task is over. */
export function currentStage(task: Task): Task["stages"][number]["stage"] | null {
  const { phase } = task;
  switch (phase.kind) {
    case "queued":
    case "backing-off":
    case "stuck":
      return phase.stage;
    case "gated":
      return phase.next;
    case "dispatched":
    case "leased":
    case "delivering":
      return phase.attempt.stage;
    case "verifying":
      return "verify";
    case "reviewable":
    case "merging":
    case "completed":
    case "cancelled":
      return null;
    default:
      return assertNever(phase);
  }
}
