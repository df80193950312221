/** Why an understood command was not carried out; `message` is one sentence for the person who asked. */
export type Refusal = { readonly code: RefusalCode; readonly message: string };

export type RefusalCode =
  | "no-task"
  | "task-open"
  | "task-over"
  | "nothing-to-approve"
  | "digest-differs"
  | "approval-outdated"
  | "own-request"
  | "own-push"
  | "commit-differs"
  | "nothing-to-retry"
  | "stage-not-reached"
  | "already-held"
  | "not-held"
  | "attempt-unknown"
  | "lease-unknown"
  | "lease-taken"
  | "lease-alive"
  | "run-unknown"
  | "not-merging"
  | "approval-unknown";

export function refuse(code: RefusalCode, message: string): Refusal {
  return { code, message };
}
