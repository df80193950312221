import type { AttemptId, LeaseId, TaskId, TenantId } from "../../base/ids.ts";
import type { Policy } from "../policy/policy.ts";
import type { AttemptUsage, Failure, Issue, Plan, Repository, Run, Stage } from "./state.ts";

/** What people and the outside ask of a task. A person's right to ask was checked before (core/policy/authorize). */
export type TaskCommand =
  // by people
  | {
      readonly type: "start";
      readonly task: TaskId;
      readonly tenant: TenantId;
      readonly repository: Repository;
      readonly issue: Issue;
      readonly policy: Policy;
      readonly baseSha: string;
      readonly branch: string;
    }
  | {
      readonly type: "approve";
      /** A prefix (at least 7 characters) of the digest meant; null: whatever the gate asks for now. */
      readonly digest: string | null;
      /** When the yes was given: a yes from before the gate's subject last changed does not count. */
      readonly givenAt: string;
      readonly source: "comment" | "review";
      /** For a review: the commit that was reviewed. */
      readonly sha: string | null;
    }
  | { readonly type: "retry"; readonly stage: Stage | null; readonly guidance: string | null }
  | { readonly type: "request-changes"; readonly sha: string; readonly body: string }
  | { readonly type: "dismiss-approval"; readonly reviewer: string }
  | { readonly type: "cancel"; readonly why: string }
  | { readonly type: "hold" }
  | { readonly type: "resume" }
  // by attempts
  | {
      readonly type: "claim-lease";
      readonly attempt: AttemptId;
      readonly lease: LeaseId;
      readonly runId: number;
    }
  | {
      readonly type: "report-attempt";
      readonly lease: LeaseId;
      readonly report: AttemptReport;
      /** null where the attempt did not say. */
      readonly usage: AttemptUsage | null;
    }
  | {
      readonly type: "deliver-work";
      readonly attempt: AttemptId;
      readonly headSha: string;
      /** Paths that differ between the task's base and this head. */
      readonly changedFiles: readonly string[];
    }
  | { readonly type: "reject-work"; readonly attempt: AttemptId; readonly failure: Failure }
  | {
      readonly type: "record-verification";
      readonly attempt: AttemptId;
      readonly sha: string;
      /** null: the verify command passed. */
      readonly failure: Failure | null;
    }
  | { readonly type: "expire-lease"; readonly lease: LeaseId; readonly lastSeenAt: string }
  // by effects and observations of GitHub
  | { readonly type: "record-run"; readonly attempt: AttemptId; readonly run: Run }
  | { readonly type: "refuse-run"; readonly attempt: AttemptId; readonly why: string }
  | { readonly type: "end-run"; readonly runId: number; readonly conclusion: string }
  | { readonly type: "record-pull"; readonly number: number; readonly url: string }
  | {
      readonly type: "observe-checks";
      readonly sha: string;
      /** Digest of the policy that the verdict was judged by. */
      readonly policy: string;
      readonly verdict: ChecksVerdict;
    }
  | {
      readonly type: "observe-head";
      /** null: the branch is gone. */
      readonly sha: string | null;
      /** null: the App itself. */
      readonly by: string | null;
      /** Paths that differ between the task's base and this head. */
      readonly changedFiles: readonly string[];
    }
  | { readonly type: "enter-queue"; readonly sha: string }
  | { readonly type: "leave-queue"; readonly sha: string }
  | { readonly type: "change-issue"; readonly issue: Issue }
  | { readonly type: "change-repository"; readonly repository: Repository }
  | { readonly type: "change-policy"; readonly policy: Policy }
  | { readonly type: "record-merge"; readonly mergeSha: string; readonly by: string }
  | { readonly type: "refuse-merge"; readonly sha: string; readonly why: string }
  | { readonly type: "wake" };

export type TaskCommandType = TaskCommand["type"];

/** What an attempt's report says, already checked against its schema. */
export type AttemptReport =
  | {
      readonly outcome: "done";
      readonly summary: string;
      readonly bundle: string | null;
      /** Only of the plan stage, and required there. */
      readonly plan: Plan | null;
      /** Only of the review stage, and required there. */
      readonly verdict: "approve" | "request-changes" | null;
    }
  | { readonly outcome: "failed"; readonly failure: Failure }
  | { readonly outcome: "question"; readonly question: string }
  /** The runner was told to stop by its heartbeat. */
  | { readonly outcome: "cancelled" };

/** What the checks of a commit say, taken together. */
export type ChecksVerdict =
  | { readonly state: "pending"; readonly waitingFor: readonly string[] }
  | { readonly state: "none" }
  | { readonly state: "green"; readonly names: readonly string[] }
  | { readonly state: "red"; readonly failure: Failure };

/** What a decision may draw on beside the task itself. */
export type Facts = {
  /** ISO 8601, UTC. */
  readonly now: string;
  /** Who asks: a login, or "baton". */
  readonly actor: string;
  /** A drawn number in [0, 1), for jitter. */
  readonly draw: number;
};
