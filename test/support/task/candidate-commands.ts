import type { LeaseId, TenantId } from "../../../src/base/ids.ts";
import { attemptId, taskId } from "../../../src/base/ids.ts";
import type { Policy } from "../../../src/core/policy/policy.ts";
import { approvalDigest } from "../../../src/core/task/approval-digest.ts";
import type { ChecksVerdict, TaskCommand } from "../../../src/core/task/commands.ts";
import { awaitedRun } from "../../../src/core/task/evolve.ts";
import type { AttemptUsage, Failure, Task } from "../../../src/core/task/state.ts";
import { STAGES } from "../../../src/core/task/state.ts";
import { samplePolicy } from "./sample-policy.ts";

export const TASK = taskId(1, 7, 1);
export const REQUESTER = "maya";
export const ACTORS = [REQUESTER, "robin", "sam", "baton"] as const;

export const FAILURE: Failure = {
  kind: "agent",
  summary: "The tests fail.",
  failingTests: ["adds"],
  logTail: "not ok 1 - adds",
  diff: "",
};

export const REPOSITORY = { id: 1, owner: "acme", name: "shop", defaultBranch: "main" };
export const ISSUE = { number: 7, title: "Add a sum", body: "It should add.", labels: [] };

const SHAS = ["a", "c", "d"].map((digit) => digit.repeat(40));

export function startCommand(policy: Policy = samplePolicy()): Extract<TaskCommand, { type: "start" }> {
  return {
    type: "start",
    task: TASK,
    tenant: 1 as TenantId,
    repository: REPOSITORY,
    issue: ISSUE,
    policy,
    baseSha: "0".repeat(40),
    branch: "baton/7-add-a-sum",
  };
}

/** Every kind of command that could reach a task in this state, right ones and wrong ones. */
export function candidateCommands(task: Task | null, policy: Policy, now: string): TaskCommand[] {
  return [startCommand(policy), ...peoples(task, now), ...attempts(task, now), ...observations(task, policy)];
}

function peoples(task: Task | null, now: string): TaskCommand[] {
  const sha = task?.headSha ?? SHAS[0] ?? "";
  const before = "2000-01-01T00:00:00.000Z";
  const digests = task ? [approvalDigest(task, "plan"), approvalDigest(task, "merge")] : [];
  const yes = { type: "approve", givenAt: now, source: "comment", sha: null } as const;
  return [
    { ...yes, digest: null },
    { ...yes, digest: null, givenAt: before },
    { ...yes, digest: "f".repeat(12) },
    ...digests.map((digest): TaskCommand => ({ ...yes, digest: digest.slice(0, 12) })),
    { type: "approve", digest: null, givenAt: now, source: "review", sha },
    { type: "approve", digest: null, givenAt: before, source: "review", sha },
    { type: "approve", digest: null, givenAt: now, source: "review", sha: "9".repeat(40) },
    { type: "dismiss-approval", reviewer: "robin" },
    { type: "dismiss-approval", reviewer: "sam" },
    ...[null, ...STAGES].map((stage): TaskCommand => ({ type: "retry", stage, guidance: stage })),
    { type: "request-changes", sha, body: "Name it better." },
    { type: "request-changes", sha: "9".repeat(40), body: "" },
    { type: "cancel", why: "not needed" },
    { type: "hold" },
    { type: "resume" },
  ];
}

const USAGE: AttemptUsage = {
  model: "example-model-1",
  inputTokens: 1_000,
  cacheReadTokens: 600,
  cacheWriteTokens: 100,
  outputTokens: 50,
  costMicroUsd: 2_500,
  unpriced: null,
  reportedMicroUsd: null,
};

function attempts(task: Task | null, now: string): TaskCommand[] {
  const attempt = (task && awaitedRun(task)?.attempt) ?? attemptId(TASK, 1);
  const runId = (task && awaitedRun(task)?.run?.id) ?? 11;
  const lease = (task?.phase.kind === "leased" ? task.phase.lease.id : "L-0") as LeaseId;
  const next = `L-${(task?.attemptOrdinal ?? 0) + 1}` as LeaseId;
  const done = { outcome: "done", summary: "Done.", bundle: null, plan: null, verdict: null } as const;
  const bundle = "e".repeat(64);
  const headSha = SHAS[(task?.attemptOrdinal ?? 0) % SHAS.length] ?? "";
  return [
    { type: "claim-lease", attempt, lease: next, runId },
    { type: "claim-lease", attempt, lease: next, runId: 999 },
    { type: "claim-lease", attempt: attemptId(TASK, 99), lease: next, runId },
    {
      type: "report-attempt",
      lease,
      usage: USAGE,
      report: { ...done, plan: { text: "Plan.", paths: ["src/sum.js"] } },
    },
    {
      type: "report-attempt",
      lease,
      usage: USAGE,
      report: { ...done, plan: { text: "Plan.", paths: ["src/auth/a.js"] } },
    },
    { type: "report-attempt", lease, usage: USAGE, report: { ...done, bundle } },
    { type: "report-attempt", lease, usage: USAGE, report: { ...done, verdict: "approve" } },
    { type: "report-attempt", lease, usage: USAGE, report: { ...done, verdict: "request-changes" } },
    { type: "report-attempt", lease, usage: USAGE, report: { outcome: "failed", failure: FAILURE } },
    {
      type: "report-attempt",
      lease,
      usage: USAGE,
      report: { outcome: "failed", failure: { ...FAILURE, errorClass: "overloaded" } },
    },
    {
      type: "report-attempt",
      lease,
      usage: USAGE,
      report: { outcome: "failed", failure: { ...FAILURE, errorClass: "auth" } },
    },
    { type: "report-attempt", lease, usage: USAGE, report: { outcome: "question", question: "Which way?" } },
    { type: "report-attempt", lease, usage: null, report: { outcome: "cancelled" } },
    { type: "report-attempt", lease: "L-unknown" as LeaseId, usage: null, report: done },
    { type: "deliver-work", attempt, headSha, changedFiles: ["src/sum.js"] },
    { type: "deliver-work", attempt, headSha, changedFiles: ["src/auth/a.js"] },
    { type: "deliver-work", attempt, headSha, changedFiles: ["docs/a.md"] },
    { type: "deliver-work", attempt: attemptId(TASK, 99), headSha, changedFiles: [] },
    { type: "reject-work", attempt, failure: FAILURE },
    { type: "reject-work", attempt: attemptId(TASK, 99), failure: FAILURE },
    { type: "record-run", attempt, run: { id: runId, url: "http://run" } },
    { type: "record-run", attempt: attemptId(TASK, 99), run: { id: 5, url: "http://run" } },
    { type: "refuse-run", attempt, why: "The workflow is missing." },
    { type: "end-run", runId, conclusion: "failure" },
    { type: "end-run", runId: 999, conclusion: "failure" },
    { type: "expire-lease", lease, lastSeenAt: "2000-01-01T00:00:00.000Z" },
    { type: "expire-lease", lease, lastSeenAt: now },
    { type: "expire-lease", lease: "L-unknown" as LeaseId, lastSeenAt: now },
  ];
}

function withDocsHigh({ tiers }: Policy): Policy["tiers"] {
  return { ...tiers, rules: [...tiers.rules, { tier: "high", paths: ["docs/**"], labels: [] }] };
}

function observations(task: Task | null, policy: Policy): TaskCommand[] {
  const sha = task?.headSha ?? SHAS[0] ?? "";
  const attempt = (task && awaitedRun(task)?.attempt) ?? attemptId(TASK, 1);
  const verdicts: ChecksVerdict[] = [
    { state: "green", names: ["ci"] },
    { state: "red", failure: FAILURE },
    { state: "pending", waitingFor: ["ci"] },
    { state: "none" },
  ];
  const seen = { type: "observe-checks", policy: task?.policy.digest ?? "" } as const;
  return [
    { type: "record-pull", number: 8, url: "http://pull" },
    ...verdicts.map((verdict): TaskCommand => ({ ...seen, sha, verdict })),
    { ...seen, sha: "9".repeat(40), verdict: { state: "green", names: ["ci"] } },
    { ...seen, sha, policy: "9".repeat(64), verdict: { state: "green", names: ["ci"] } },
    { type: "record-verification", attempt, sha, failure: null },
    { type: "record-verification", attempt, sha, failure: FAILURE },
    { type: "record-verification", attempt, sha, failure: { ...FAILURE, kind: "infrastructure" } },
    { type: "observe-head", sha, by: "sam", changedFiles: [] },
    { type: "observe-head", sha: "7".repeat(40), by: "sam", changedFiles: ["src/auth/b.js"] },
    { type: "observe-head", sha: null, by: "sam", changedFiles: [] },
    { type: "enter-queue", sha: "6".repeat(40) },
    { type: "leave-queue", sha: "6".repeat(40) },
    { type: "change-issue", issue: { ...ISSUE, body: "It should add two numbers." } },
    { type: "change-issue", issue: { ...ISSUE, labels: ["security"] } },
    { type: "change-issue", issue: ISSUE },
    { type: "change-repository", repository: { ...REPOSITORY, defaultBranch: "trunk" } },
    { type: "change-repository", repository: REPOSITORY },
    { type: "change-policy", policy },
    {
      type: "change-policy",
      policy: { ...policy, digest: "d".repeat(64), tiers: withDocsHigh(policy) },
    },
    { type: "record-merge", mergeSha: "8".repeat(40), by: "sam" },
    { type: "refuse-merge", sha, why: "The branches conflict." },
    { type: "wake" },
  ];
}
