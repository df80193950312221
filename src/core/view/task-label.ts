import { blockedReason, deriveStatus } from "../task/derive-status.ts";
import type { Task, TaskStatus } from "../task/state.ts";

export type TaskLabel = {
  readonly name: string;
  /** Six hex digits, without "#". */
  readonly color: string;
  /** At most 100 characters. */
  readonly description: string;
};

/** The label that displays a task's status; it is never read back. */
export function taskLabel(task: Task): TaskLabel {
  const status = deriveStatus(task);
  return { name: `baton:${status}`, ...LOOKS[status] };
}

/** The status in words, with the reason where there is one: "blocked: approval". */
export function statusWords(task: Task): string {
  const reason = blockedReason(task);
  return reason === null ? deriveStatus(task) : `${deriveStatus(task)}: ${reason}`;
}

const LOOKS: { readonly [S in TaskStatus]: Omit<TaskLabel, "name"> } = {
  pending: { color: "d4c5f9", description: "Baton: waits for a runner" },
  "in-progress": { color: "1d76db", description: "Baton: an agent is at work" },
  testing: { color: "0e8a8a", description: "Baton: the work is being verified and reviewed" },
  retrying: { color: "fbca04", description: "Baton: tries again after a failure" },
  "ready-for-review": { color: "0e8a16", description: "Baton: all stages passed; the merge gate decides" },
  completed: { color: "5319e7", description: "Baton: merged" },
  blocked: { color: "d93f0b", description: "Baton: waits for a person; the status comment says for what" },
  failed: { color: "b60205", description: "Baton: the last attempt failed; another follows" },
  cancelled: { color: "bfbfbf", description: "Baton: ended without a merge" },
};
