import { expect, test } from "vitest";
import { exampleAttempt, exampleTask, approvalOf, HEAD } from "../../../test/support/task/example-task.ts";
import {
  FAILURE,
  ISSUE,
  REPOSITORY,
  startCommand,
  TASK,
} from "../../../test/support/task/candidate-commands.ts";
import type { LeaseId } from "../../base/ids.ts";
import type { TaskEvent } from "../task/events.ts";
import { auditLine } from "./audit-line.ts";

const lease = "L-1" as LeaseId;
const attempt = exampleAttempt("implement", 2);
const approval = { ...approvalOf(exampleTask(), "merge", "robin"), digest: "3f2a9c1".padEnd(64, "0") };
const { digest } = approval;
const { task, tenant, repository, issue, policy, baseSha, branch } = startCommand();

const EVENTS: readonly TaskEvent[] = [
  {
    type: "TaskOpened",
    task,
    tenant,
    repository,
    issue,
    policy,
    baseSha,
    branch,
    requester: "maya",
    tier: "high",
    tierReasons: [],
  },
  { type: "AttemptDispatched", attempt: { ...attempt, model: "example-1" } },
  { type: "RunStarted", attempt: attempt.id, run: { id: 9, url: "https://example.org" } },
  { type: "LeaseGranted", attempt: attempt.id, lease, runId: 9 },
  { type: "LeaseEnded", lease, why: "expired" },
  {
    type: "UsageRecorded",
    spending: {
      attempt: attempt.id,
      stage: "implement",
      number: 1,
      model: "example-model-1",
      inputTokens: 12_000,
      cacheReadTokens: 9_000,
      cacheWriteTokens: 500,
      outputTokens: 345,
      costMicroUsd: 23_456,
      unpriced: null,
      reportedMicroUsd: null,
    },
  },
  { type: "AttemptReported", attempt: attempt.id, summary: "Done.", bundle: null },
  { type: "AttemptFailed", attempt: attempt.id, failure: FAILURE },
  { type: "AttemptStopped", attempt: attempt.id, why: "hold" },
  { type: "PlanProposed", plan: { text: "Do it.", paths: ["src/**", "test/**"] } },
  { type: "WorkDelivered", attempt: attempt.id, headSha: HEAD, changedFiles: ["a"] },
  { type: "StagePassed", stage: "verify", summary: "Green on abc1234: ci." },
  { type: "StagePassed", stage: "plan", summary: "" },
  { type: "StageFailed", stage: "verify", failure: FAILURE },
  { type: "VerificationStarted", sha: HEAD },
  { type: "ChecksSeen", sha: HEAD, green: ["ci", "lint"] },
  { type: "ChecksSeen", sha: HEAD, green: null },
  { type: "VerifyRunDispatched", sha: HEAD, attempt: attempt.id, number: 1 },
  { type: "VerifyRunDispatched", sha: HEAD, attempt: attempt.id, number: 2 },
  { type: "VerifyRunLost", sha: HEAD, attempt: attempt.id, why: "Its run ended (failure)." },
  { type: "VerificationRecorded", sha: HEAD, passed: false },
  { type: "PullRequestOpened", number: 8, url: "https://example.org" },
  { type: "HeadMoved", sha: HEAD, by: "sam", changedFiles: ["src/sum.js"] },
  { type: "HeadMoved", sha: null, by: "sam", changedFiles: [] },
  { type: "HeadMoved", sha: HEAD, by: null, changedFiles: [] },
  {
    type: "AttemptPutOff",
    attempt: attempt.id,
    failure: { ...FAILURE, errorClass: "overloaded", summary: "Overloaded (529)." },
    outage: 2,
    until: "2026-11-20T14:10:30.000Z",
  },
  { type: "RetryScheduled", stage: "implement", attemptNumber: 2, until: "2026-11-20T14:10:30.000Z" },
  { type: "RetryStarted", stage: "implement" },
  { type: "RetryRequested", by: "robin", stage: "implement", guidance: "Keep\nthe\u001b[31m name." },
  { type: "RetryRequested", by: "robin", stage: "test", guidance: null },
  { type: "TaskStuck", reason: "exhausted", stage: "implement", detail: "implement failed 4 times." },
  { type: "GateReached", gate: "plan", digest },
  { type: "ApprovalGiven", approval },
  { type: "ApprovalVoided", gate: "merge", by: "robin", digest, changed: ["plan", "head commit"] },
  { type: "GateOpened", gate: "merge", digest },
  { type: "TierChanged", tier: "high", reasons: ["src/auth/a.js is high."] },
  { type: "IssueChanged", issue: ISSUE },
  { type: "RepositoryChanged", repository: REPOSITORY },
  { type: "PolicyChanged", policy },
  { type: "TaskHeld", by: "sam" },
  { type: "TaskResumed", by: "sam" },
  { type: "QueueChanged", sha: HEAD },
  { type: "QueueChanged", sha: null },
  { type: "MergeRequested", sha: HEAD },
  { type: "MergeRefused", sha: HEAD, why: "The branches conflict." },
  { type: "TaskCompleted", mergeSha: HEAD, by: "baton" },
  { type: "TaskCancelled", by: "sam", why: "not needed" },
  { type: "TaskCancelled", by: "sam", why: "" },
];

test("the record reads as sentences", () => {
  const meta = { at: "2026-11-20T14:00:00.000Z", actor: "sam", cause: "test" };
  expect(TASK).toBe(task);
  expect(EVENTS.map((event) => auditLine({ meta, event })).join("\n")).toMatchInlineSnapshot(`
    "maya asked for work on issue 7, "Add a sum" (tier high).
    Attempt 2 of implement was handed to the developer (command, example-1).
    Run 9 was started for it.
    Run 9 took the lease.
    The lease ran out without a sign of life.
    It used 12,000 tokens in and 345 out; cost: $0.0235.
    The agent reported: Done.
    The attempt failed: The tests fail.
    The attempt was stopped, since the task is on hold.
    A plan was proposed for 2 paths.
    Work was pushed as abc1234; the branch differs in 1 file.
    Verify passed: Green on abc1234: ci.
    Plan passed.
    Verify failed: The tests fail.
    The checks of abc1234 are waited for.
    All 2 checks of abc1234 are green; others may still come.
    Checks of abc1234 are under way again.
    The verify command was sent to run on abc1234.
    The verify command was sent to run on abc1234, try 2.
    The verify command came to no result: Its run ended (failure).
    The verify command failed on abc1234.
    Pull request 8 was opened.
    sam moved the branch to abc1234.
    sam deleted the branch.
    Baton moved the branch to abc1234.
    The model's provider did not answer (2 times in a row), and the attempt was put off until 2026-11-20 14:10:30 UTC: Overloaded (529).
    Attempt 2 of implement was put off until 2026-11-20 14:10:30 UTC.
    The pause before trying implement again is over.
    robin asked for another try of implement: Keep the name.
    robin asked for another try of test.
    Implement waits for a person (exhausted): implement failed 4 times.
    The plan gate was reached; it asks about 3f2a9c1.
    robin approved the merge (3f2a9c1) by comment.
    The approval of the merge (3f2a9c1) by robin is void: plan, head commit changed.
    The merge gate opened for 3f2a9c1.
    The tier is high now: src/auth/a.js is high.
    sam changed the issue.
    The repository is acme/shop now.
    sam changed the policy (bbbbbbb).
    sam put the task on hold.
    sam let the task go on.
    GitHub's merge queue checks it as abc1234.
    It left GitHub's merge queue.
    The merge of abc1234 was asked for.
    GitHub refused to merge abc1234: The branches conflict.
    Baton merged it as abc1234.
    sam cancelled the task: not needed.
    sam cancelled the task."
  `);
});
