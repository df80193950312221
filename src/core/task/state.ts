import type { AttemptId, LeaseId, TaskId, TenantId } from "../../base/ids.ts";
import type { Policy } from "../policy/policy.ts";
import type { ErrorClass } from "./error-class.ts";

export const STAGES = ["plan", "test", "implement", "verify", "review"] as const;
export type Stage = (typeof STAGES)[number];

export const TIERS = ["low", "medium", "high"] as const;
export type Tier = (typeof TIERS)[number];

export type TaskStatus =
  | "pending"
  | "in-progress"
  | "testing"
  | "retrying"
  | "ready-for-review"
  | "completed"
  | "blocked"
  | "failed"
  | "cancelled";

export type BlockedReason =
  | "approval"
  | "question"
  | "dependency"
  | "budget"
  | "window"
  | "hold"
  | "kill-switch"
  | "exhausted"
  | "loop"
  | "policy";

export type Gate = "plan" | "merge";

export type Repository = {
  readonly id: number;
  readonly owner: string;
  readonly name: string;
  readonly defaultBranch: string;
};

export type Issue = {
  readonly number: number;
  readonly title: string;
  readonly body: string;
  readonly labels: readonly string[];
};

/** What the planner proposes: shown to people, bound by the plan approval, given to the later stages. */
export type Plan = {
  readonly text: string;
  /** Globs of the files that the work means to change. */
  readonly paths: readonly string[];
};

/** Why an attempt or a verification did not succeed; kept whole as the context of the next attempt. */
export type Failure = {
  readonly kind:
    | "agent" // the agent said so, or its program failed
    | "report" // the report was missing, too large or off its schema
    | "scope" // the patch changed what it must not
    | "checks" // the repository's checks or the verify command failed
    | "changes-requested" // a reviewer wants something else
    | "lost" // the run ended or its lease ran out without a report
    | "timeout"
    | "infrastructure"; // the run could not be started
  /** Where the agent's program or its model's provider failed; failures from before this was told have none. */
  readonly errorClass?: ErrorClass | null;
  /** One sentence for people. */
  readonly summary: string;
  readonly failingTests: readonly string[];
  /** The last lines of the log, secrets masked, at most 20,000 characters. */
  readonly logTail: string;
  /** What the failed attempt had changed so far, as a unified diff, at most 60,000 characters. */
  readonly diff: string;
};

export type Attempt = {
  readonly id: AttemptId;
  readonly stage: Stage;
  /** Which try of this stage it is, from 1; a person's `/retry` starts again at 1. */
  readonly number: number;
  readonly role: string;
  readonly harness: string;
  readonly model: string | null;
  readonly dispatchedAt: string;
  readonly run: Run | null;
};

/** What an attempt used, and what that cost. The tokens read from a cache and written to one are a part of the input. */
export type AttemptUsage = {
  readonly model: string | null;
  readonly inputTokens: number;
  readonly cacheReadTokens: number;
  readonly cacheWriteTokens: number;
  readonly outputTokens: number;
  /** By our price table; null where that does not know, and `unpriced` says why. */
  readonly costMicroUsd: number | null;
  readonly unpriced: string | null;
  /** By the agent's own program. */
  readonly reportedMicroUsd: number | null;
};

/** Which attempt used what. */
export type Spending = AttemptUsage & {
  readonly attempt: AttemptId;
  readonly stage: Stage;
  readonly number: number;
};

export type Run = { readonly id: number; readonly url: string };

type Lease = {
  readonly id: LeaseId;
  readonly runId: number;
  readonly grantedAt: string;
};

/** A person's yes at a gate; it holds for as long as the gate's digest is this one. */
export type Approval = {
  readonly gate: Gate;
  readonly by: string;
  readonly digest: string;
  readonly at: string;
  readonly source: "comment" | "review";
};

/** One try of the policy's verify command on a head: an Actions run of its own, without an agent and without a lease. */
export type VerifyRun = {
  /** Its id as an attempt, which no other run has. */
  readonly attempt: AttemptId;
  /** Which try of the command on this head it is, from 1; one that was stopped does not count. */
  readonly number: number;
  readonly dispatchedAt: string;
  readonly run: Run | null;
};

/** Checks that are all green, and since when nothing about them has changed: others may still come. */
type Settling = { readonly names: readonly string[]; readonly since: string };

export type Phase =
  /** The stage starts as soon as nothing is in the way. */
  | { readonly kind: "queued"; readonly stage: Stage }
  /** A tier demands a yes before `next` may start. */
  | { readonly kind: "gated"; readonly next: Stage; readonly digest: string; readonly since: string }
  | { readonly kind: "dispatched"; readonly attempt: Attempt }
  | { readonly kind: "leased"; readonly attempt: Attempt; readonly lease: Lease }
  /** The agent has reported; the deliver job checks and pushes what it made. */
  | { readonly kind: "delivering"; readonly attempt: Attempt; readonly runId: number; readonly since: string }
  | {
      readonly kind: "verifying";
      readonly sha: string;
      /** From when the policy's time for the checks counts; a run of the verify command begins it anew. */
      readonly since: string;
      readonly settling: Settling | null;
      /** null: the command is not needed, has come to a result, or waits for a hold to end. */
      readonly verifyRun: VerifyRun | null;
      /** How many runs of the command ended without a result. */
      readonly lostVerifyRuns: number;
    }
  | {
      readonly kind: "backing-off";
      readonly stage: Stage;
      readonly until: string;
      /** What keeps the model's provider from answering, where that is waited for. */
      readonly outage?: string;
    }
  /** Nothing goes on until a person acts. */
  | {
      readonly kind: "stuck";
      readonly reason: "exhausted" | "question" | "policy" | "budget";
      readonly stage: Stage;
      readonly detail: string;
    }
  /** All stages passed: the merge gate decides. `open`: it is satisfied, and said so on the record. */
  | {
      readonly kind: "reviewable";
      readonly sha: string;
      readonly digest: string;
      readonly since: string;
      readonly open: boolean;
    }
  | { readonly kind: "merging"; readonly sha: string; readonly digest: string; readonly since: string }
  | { readonly kind: "completed"; readonly mergeSha: string; readonly by: string }
  | { readonly kind: "cancelled"; readonly by: string; readonly why: string };

export type StageProgress = {
  readonly stage: Stage;
  readonly state: "waiting" | "running" | "passed" | "failed";
  readonly attempts: number;
  readonly summary: string;
  readonly run: Run | null;
};

/** One issue being worked on: the fold of its events. */
export type Task = {
  readonly id: TaskId;
  readonly tenant: TenantId;
  readonly repository: Repository;
  readonly issue: Issue;
  /** Who asked for the work: never its only approver. */
  readonly requester: string;
  readonly openedAt: string;
  readonly policy: Policy;
  readonly baseSha: string;
  readonly branch: string;
  readonly tier: Tier;
  /** Why the task has its tier, a sentence each. */
  readonly tierReasons: readonly string[];
  readonly phase: Phase;
  readonly hold: { readonly by: string; readonly at: string } | null;
  readonly stages: readonly StageProgress[];
  readonly plan: Plan | null;
  /** When what approvals cover, the head commit aside, last changed: a review from before does not cover it. */
  readonly subjectChangedAt: string;
  readonly pull: { readonly number: number; readonly url: string } | null;
  readonly headSha: string | null;
  /** Who beside Baton pushed onto the branch since it began: their own approval does not open the merge gate. */
  readonly pushers: readonly string[];
  /** What the policy's verify command said of which commit; null before it has come to a result. */
  readonly verification: { readonly sha: string; readonly passed: boolean } | null;
  /** The commit that GitHub's merge queue made of the head and checks before it merges; null outside of a queue. */
  readonly queuedSha: string | null;
  /** Paths that differ between base and head. */
  readonly changedFiles: readonly string[];
  readonly approvals: readonly Approval[];
  readonly lastFailure: Failure | null;
  /** What people asked for with `/retry -- …` or in a review, for the next attempt. */
  readonly guidance: string | null;
  /** True from a failure until the work is being tested again. */
  readonly retrying: boolean;
  /** Whether any attempt has held a lease: before that the task is `pending`. */
  readonly begun: boolean;
  readonly attemptOrdinal: number;
  /** How many attempts in a row the model's provider did not answer; tasks from before this was counted have none. */
  readonly outages?: number;
  /** Attempts at a stage that ended with work to go on with, oldest first. */
  readonly unfinished?: { readonly stage: Stage; readonly attempts: readonly AttemptId[] } | null;
  /** One entry for each attempt that said what it used, oldest first. */
  readonly spending: readonly Spending[];
  /** Why GitHub last refused the merge, until something changes. */
  readonly mergeRefusal: string | null;
};
