import type { Phase, Task } from "../../core/task/state.ts";

/** What a task is found by, taken from its state. */
export type TaskLookups = {
  readonly status: "open" | "closed";
  readonly generation: number;
  readonly pullNumber: number | null;
  /** The Actions run that is waited for. */
  readonly runId: number | null;
};

export function taskLookups(task: Task): TaskLookups {
  return {
    status: task.phase.kind === "completed" || task.phase.kind === "cancelled" ? "closed" : "open",
    generation: Number(task.id.slice(task.id.lastIndexOf("-") + 1)),
    pullNumber: task.pull?.number ?? null,
    runId: currentRun(task.phase),
  };
}

function currentRun(phase: Phase): number | null {
  switch (phase.kind) {
    case "dispatched":
      return phase.attempt.run?.id ?? null;
    case "leased":
      return phase.lease.runId;
    case "delivering":
      return phase.runId;
    case "verifying":
      return phase.verifyRun?.run?.id ?? null;
    case "queued":
    case "gated":
    case "backing-off":
    case "stuck":
    case "reviewable":
    case "merging":
    case "completed":
    case "cancelled":
      return null;
  }
}
