import type { AttemptId, LeaseId, TaskId, TenantId } from "../../base/ids.ts";
import type { Policy } from "../policy/policy.ts";
import type {
  Approval,
  Attempt,
  Failure,
  Gate,
  Issue,
  Plan,
  Repository,
  Run,
  Spending,
  Stage,
  Tier,
} from "./state.ts";

/** What happened to a task. Facts that a decision drew on (the time, a drawn number's outcome) stand in the event. */
export type TaskEvent =
  | {
      readonly type: "TaskOpened";
      readonly task: TaskId;
      readonly tenant: TenantId;
      readonly repository: Repository;
      readonly issue: Issue;
      readonly requester: string;
      readonly policy: Policy;
      readonly baseSha: string;
      readonly branch: string;
      readonly tier: Tier;
      readonly tierReasons: readonly string[];
    }
  | { readonly type: "AttemptDispatched"; readonly attempt: Attempt }
  | { readonly type: "RunStarted"; readonly attempt: AttemptId; readonly run: Run }
  | {
      readonly type: "LeaseGranted";
      readonly attempt: AttemptId;
      readonly lease: LeaseId;
      readonly runId: number;
    }
  | { readonly type: "LeaseEnded"; readonly lease: LeaseId; readonly why: "expired" | "finished" | "revoked" }
  | {
      readonly type: "AttemptReported";
      readonly attempt: AttemptId;
      readonly summary: string;
      /** SHA-256 (hex) of the git bundle handed to the deliver job; null when the attempt changed nothing. */
      readonly bundle: string | null;
    }
  | { readonly type: "UsageRecorded"; readonly spending: Spending }
  | { readonly type: "AttemptFailed"; readonly attempt: AttemptId; readonly failure: Failure }
  /** The model's provider did not answer: the try does not count, and another one comes after a pause. */
  | {
      readonly type: "AttemptPutOff";
      readonly attempt: AttemptId;
      readonly failure: Failure;
      /** Which such attempt in a row it is, from 1. */
      readonly outage: number;
      readonly until: string;
    }
  | {
      readonly type: "AttemptStopped";
      readonly attempt: AttemptId;
      readonly why: "hold" | "over" | "approval-voided" | "branch-changed";
    }
  | { readonly type: "PlanProposed"; readonly plan: Plan }
  | {
      readonly type: "WorkDelivered";
      readonly attempt: AttemptId;
      readonly headSha: string;
      readonly changedFiles: readonly string[];
    }
  | { readonly type: "StagePassed"; readonly stage: Stage; readonly summary: string }
  | { readonly type: "StageFailed"; readonly stage: Stage; readonly failure: Failure }
  | { readonly type: "VerificationStarted"; readonly sha: string }
  /** All checks that the commit has are green, and time shows whether more come; null: some are under way again. */
  | { readonly type: "ChecksSeen"; readonly sha: string; readonly green: readonly string[] | null }
  | {
      readonly type: "VerifyRunDispatched";
      readonly sha: string;
      readonly attempt: AttemptId;
      readonly number: number;
    }
  /** The run of the verify command ended without a result. */
  | {
      readonly type: "VerifyRunLost";
      readonly sha: string;
      readonly attempt: AttemptId;
      readonly why: string;
    }
  /** The policy's verify command has come to a result on this commit. */
  | { readonly type: "VerificationRecorded"; readonly sha: string; readonly passed: boolean }
  | { readonly type: "PullRequestOpened"; readonly number: number; readonly url: string }
  /** Somebody moved the branch; `sha` null: deleted it; `by` null: the App, beside a delivery that was waited for. */
  | {
      readonly type: "HeadMoved";
      readonly sha: string | null;
      readonly by: string | null;
      readonly changedFiles: readonly string[];
    }
  | {
      readonly type: "RetryScheduled";
      readonly stage: Stage;
      readonly attemptNumber: number;
      readonly until: string;
    }
  /** The pause before a retry is over. */
  | { readonly type: "RetryStarted"; readonly stage: Stage }
  | {
      readonly type: "RetryRequested";
      readonly by: string;
      readonly stage: Stage;
      readonly guidance: string | null;
    }
  | {
      readonly type: "TaskStuck";
      readonly reason: "exhausted" | "question" | "policy" | "budget";
      readonly stage: Stage;
      readonly detail: string;
    }
  | { readonly type: "GateReached"; readonly gate: Gate; readonly digest: string }
  | { readonly type: "ApprovalGiven"; readonly approval: Approval }
  | {
      readonly type: "ApprovalVoided";
      readonly gate: Gate;
      readonly by: string;
      readonly digest: string;
      /** What changed since, in the words of the approval's subject: "issue body", "plan", "head commit"… */
      readonly changed: readonly string[];
    }
  | { readonly type: "GateOpened"; readonly gate: Gate; readonly digest: string }
  | { readonly type: "TierChanged"; readonly tier: Tier; readonly reasons: readonly string[] }
  | { readonly type: "IssueChanged"; readonly issue: Issue }
  /** It was renamed, moved to another owner, or has another default branch. */
  | { readonly type: "RepositoryChanged"; readonly repository: Repository }
  | { readonly type: "PolicyChanged"; readonly policy: Policy }
  | { readonly type: "TaskHeld"; readonly by: string }
  | { readonly type: "TaskResumed"; readonly by: string }
  /** GitHub's merge queue checks this commit, with the head and what is queued before it; null: it took it out. */
  | { readonly type: "QueueChanged"; readonly sha: string | null }
  | { readonly type: "MergeRequested"; readonly sha: string }
  | { readonly type: "MergeRefused"; readonly sha: string; readonly why: string }
  | { readonly type: "TaskCompleted"; readonly mergeSha: string; readonly by: string }
  | { readonly type: "TaskCancelled"; readonly by: string; readonly why: string };

export type TaskEventType = TaskEvent["type"];

/** Who and what caused an event, and when: the same for all events of one decision. */
export type EventMeta = {
  /** ISO 8601, UTC, from the injected clock. */
  readonly at: string;
  /** GitHub login, or "baton" for what follows from the machine alone. */
  readonly actor: string;
  /** What led to it: `delivery:<guid>`, `effect:<id>`, `lease:<id>`. */
  readonly cause: string;
};

export type RecordedEvent = { readonly meta: EventMeta; readonly event: TaskEvent };

/** What one decision adds to a task's record: its events, in their order, and what they have in common. */
export type Entry = { readonly meta: EventMeta; readonly events: readonly TaskEvent[] };

/** The events of entries, in their order. */
export function eventsOf(entries: readonly Entry[]): readonly RecordedEvent[] {
  return entries.flatMap(({ meta, events }) => events.map((event) => ({ meta, event })));
}
