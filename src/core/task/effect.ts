import type { AttemptId, LeaseId } from "../../base/ids.ts";

/**
 * Something to do outside, stored with the events that caused it. Each is written as "ensure": running it twice
 * changes nothing. Timers are effects with a time before which they must not run.
 */
export type Effect =
  /** Render the whole task into labels, checks and the status comment. */
  | { readonly kind: "mirror" }
  | { readonly kind: "remove-trigger-label" }
  | { readonly kind: "dispatch-run"; readonly attempt: AttemptId }
  | { readonly kind: "cancel-run"; readonly runId: number }
  | { readonly kind: "open-pull-request" }
  | { readonly kind: "mark-pull-request-ready" }
  /** Ask GitHub for the commit's checks now, since their events may have come before we waited for them. */
  | { readonly kind: "read-checks"; readonly sha: string; readonly notBefore: string | null }
  | { readonly kind: "merge"; readonly sha: string }
  | { readonly kind: "close-pull-request" }
  /** After `notBefore`: look whether the lease's holder has been heard of within its time to live. */
  | { readonly kind: "expire-lease"; readonly lease: LeaseId; readonly notBefore: string }
  /** After `notBefore`: let the task look at the time. */
  | { readonly kind: "wake"; readonly notBefore: string }
  /** Answer a person's command on its comment: a reaction, and a line where one is owed. */
  | {
      readonly kind: "answer";
      readonly commentId: number;
      readonly issueNumber: number;
      readonly reaction: "eyes" | "rocket" | "+1" | "confused";
      readonly line: string | null;
    };
