import { assertNever } from "../../base/assert-never.ts";
import type { AttemptId } from "../../base/ids.ts";
import type { Policy } from "../policy/policy.ts";
import { isNobodysFault } from "./error-class.ts";
import type { EventMeta, RecordedEvent, TaskEvent } from "./events.ts";
import type { Attempt, Failure, Phase, Run, Stage, Task, VerifyRun } from "./state.ts";
import { pushersOf } from "./pushers-of.ts";
import { backToVerify, progressOf, restartFrom, withAttemptsForgotten, withStage } from "./stage-progress.ts";
import { STAGES } from "./state.ts";

/** The state after all of a task's events, or after those that follow `from`; null before the first. */
export function replay(events: readonly RecordedEvent[], from: Task | null = null): Task | null {
  return events.reduce<Task | null>((task, { event, meta }) => evolve(task, event, meta), from);
}

/**
 * The state after one more event. Total over what `decide` emits; an event that could not follow (a second opening,
 * anything before the first) is a bug or a damaged record and throws.
 */
export function evolve(task: Task | null, event: TaskEvent, meta: EventMeta): Task {
  if (event.type === "TaskOpened") {
    if (task) throw new Error(`Task ${task.id} was opened twice.`);
    return openTask(event, meta);
  }
  if (!task) throw new Error(`${event.type} came before TaskOpened.`);
  return evolveOpened(task, event, meta);
}

function openTask(event: Extract<TaskEvent, { type: "TaskOpened" }>, meta: EventMeta): Task {
  return {
    id: event.task,
    tenant: event.tenant,
    repository: event.repository,
    issue: event.issue,
    requester: event.requester,
    openedAt: meta.at,
    policy: event.policy,
    baseSha: event.baseSha,
    branch: event.branch,
    tier: event.tier,
    tierReasons: event.tierReasons,
    phase: { kind: "queued", stage: "plan" },
    hold: null,
    stages: STAGES.map((stage) => ({ stage, state: "waiting", attempts: 0, summary: "", run: null })),
    plan: null,
    subjectChangedAt: meta.at,
    pull: null,
    headSha: null,
    pushers: [],
    queuedSha: null,
    verification: null,
    changedFiles: [],
    approvals: [],
    lastFailure: null,
    guidance: null,
    retrying: false,
    begun: false,
    attemptOrdinal: 0,
    outages: 0,
    unfinished: null,
    spending: [],
    mergeRefusal: null,
  };
}

type LaterEvent = Exclude<TaskEvent, { type: "TaskOpened" }>;

function evolveOpened(task: Task, event: LaterEvent, meta: EventMeta): Task {
  switch (event.type) {
    case "AttemptDispatched":
      return {
        ...withStage(task, event.attempt.stage, { state: "running", attempts: event.attempt.number }),
        phase: { kind: "dispatched", attempt: event.attempt },
        attemptOrdinal: task.attemptOrdinal + 1,
      };
    case "RunStarted":
      return recordRun(task, event);
    case "LeaseGranted":
      return {
        ...task,
        begun: true,
        phase: {
          kind: "leased",
          attempt: attemptOf(task),
          lease: { id: event.lease, runId: event.runId, grantedAt: meta.at },
        },
      };
    case "LeaseEnded":
      return task;
    case "AttemptReported":
      return { ...task, phase: deliveringPhase(task, meta), outages: 0, unfinished: null };
    case "UsageRecorded":
      // Tasks that were stored before attempts said what they used have no list yet.
      return { ...task, spending: [...(task.spending ?? []), event.spending] };
    case "AttemptFailed":
      return {
        ...withStage(task, attemptOf(task).stage, { state: "failed", summary: event.failure.summary }),
        lastFailure: event.failure,
        retrying: true,
        outages: 0,
        unfinished: leavesWork(event.failure) ? withUnfinished(task) : null,
      };
    case "AttemptPutOff": {
      const { stage, number } = attemptOf(task);
      const { until, failure } = event;
      return {
        ...withStage(task, stage, { state: "waiting", attempts: number - 1 }),
        phase: { kind: "backing-off", stage, until, outage: failure.summary },
        outages: event.outage,
        unfinished: withUnfinished(task),
      };
    }
    case "AttemptStopped": {
      const { stage, number } = attemptOf(task);
      // A try that was stopped did not fail: it takes nothing from the retries.
      return {
        ...withStage(task, stage, { state: "waiting", attempts: number - 1 }),
        phase: { kind: "queued", stage },
        unfinished: event.why === "hold" ? withUnfinished(task) : null,
      };
    }
    case "PlanProposed":
      return { ...task, plan: event.plan, subjectChangedAt: meta.at };
    case "WorkDelivered":
      return {
        ...task,
        unfinished: null,
        headSha: event.headSha,
        changedFiles: event.changedFiles,
        verification: null,
        mergeRefusal: null,
      };
    case "StagePassed":
      return passStage(task, event.stage, event.summary);
    case "StageFailed":
      return {
        ...withStage(task, event.stage, { state: "failed", summary: event.failure.summary }),
        lastFailure: event.failure,
        retrying: true,
      };
    case "VerificationStarted":
      return {
        ...withStage(restartFrom(task, "verify"), "verify", {
          state: "running",
          attempts: progressOf(task, "verify").attempts + 1,
        }),
        phase: {
          kind: "verifying",
          sha: event.sha,
          since: meta.at,
          settling: null,
          verifyRun: null,
          lostVerifyRuns: 0,
        },
        verification: null,
        retrying: false,
      };
    case "ChecksSeen": {
      const settling = event.green && { names: event.green, since: meta.at };
      return { ...task, phase: { ...verifyingPhase(task), settling } };
    }
    case "VerifyRunDispatched": {
      const { attempt, number } = event;
      const verifyRun = { attempt, number, dispatchedAt: meta.at, run: null };
      return {
        ...task,
        phase: { ...verifyingPhase(task), verifyRun, since: meta.at },
        attemptOrdinal: task.attemptOrdinal + 1,
      };
    }
    case "VerifyRunLost": {
      const phase = verifyingPhase(task);
      return {
        ...task,
        phase: { ...phase, verifyRun: null, lostVerifyRuns: phase.lostVerifyRuns + 1 },
      };
    }
    case "VerificationRecorded":
      return {
        ...task,
        phase: withoutVerifyRun(task.phase),
        verification: { sha: event.sha, passed: event.passed },
      };
    case "PullRequestOpened":
      return { ...task, pull: { number: event.number, url: event.url } };
    case "HeadMoved":
      return {
        // With the branch all that was delivered is gone, the tests first; its pull request closes with it for good.
        ...(event.sha === null ? { ...restartFrom(task, "test"), pull: null } : backToVerify(task)),
        headSha: event.sha,
        pushers: pushersAfter(task, event),
        unfinished: null,
        changedFiles: event.changedFiles,
        verification: null,
        mergeRefusal: null,
      };
    case "RetryScheduled":
      return {
        ...restartFrom(task, event.stage),
        phase: { kind: "backing-off", stage: event.stage, until: event.until },
      };
    case "RetryRequested":
      return {
        ...withAttemptsForgotten(restartFrom(task, event.stage), event.stage),
        phase: { kind: "queued", stage: event.stage },
        guidance: event.guidance ?? task.guidance,
        retrying: true,
        outages: 0,
        mergeRefusal: null,
      };
    case "RetryStarted":
      return { ...task, phase: { kind: "queued", stage: event.stage } };
    case "TaskStuck":
      return {
        ...task,
        phase: { kind: "stuck", reason: event.reason, stage: event.stage, detail: event.detail },
      };
    case "GateReached":
      return { ...task, phase: gatePhase(task, event, meta) };
    case "ApprovalGiven":
      return { ...task, approvals: [...task.approvals, event.approval], mergeRefusal: null };
    case "ApprovalVoided":
      return {
        ...task,
        approvals: task.approvals.filter(
          ({ gate, by, digest }) => gate !== event.gate || by !== event.by || digest !== event.digest,
        ),
      };
    case "GateOpened":
      return { ...task, phase: openGate(task, event.gate) };
    case "TierChanged":
      return { ...task, tier: event.tier, tierReasons: event.reasons };
    case "IssueChanged":
      return changeIssue(task, event.issue, meta);
    case "RepositoryChanged":
      return { ...task, repository: event.repository };
    case "PolicyChanged":
      return { ...changePolicy(task, event.policy), subjectChangedAt: meta.at };
    case "TaskHeld":
      return {
        ...task,
        hold: { by: event.by, at: meta.at },
        phase: holdPhase(task.phase),
      };
    case "TaskResumed":
      return { ...task, hold: null, phase: resumePhase(task.phase, meta) };
    case "QueueChanged":
      return { ...task, queuedSha: event.sha };
    case "MergeRequested":
      return {
        ...task,
        phase: { kind: "merging", sha: event.sha, digest: reviewableDigest(task), since: meta.at },
      };
    case "MergeRefused":
      return {
        ...task,
        phase: task.phase.kind === "merging" ? { ...task.phase, kind: "reviewable", open: true } : task.phase,
        mergeRefusal: event.why,
      };
    case "TaskCompleted":
      return { ...task, hold: null, phase: { kind: "completed", mergeSha: event.mergeSha, by: event.by } };
    case "TaskCancelled":
      return { ...task, hold: null, phase: { kind: "cancelled", by: event.by, why: event.why } };
    default:
      return assertNever(event);
  }
}

/** A branch that is gone, or at its base again, has nobody's commits; else they stay, whoever works on top of them. */
function pushersAfter(task: Task, { sha, by }: Extract<TaskEvent, { type: "HeadMoved" }>): readonly string[] {
  if (sha === null || sha === task.baseSha) return [];
  return by === null ? pushersOf(task) : [...new Set([...pushersOf(task), by])];
}

/** Its runner was lost, or its model: what it had done is not to blame. */
function leavesWork({ kind, errorClass = null }: Failure): boolean {
  return kind === "lost" || isNobodysFault(errorClass);
}

/** An attempt that was lost before it kept anything leaves what the one before it did: a few are remembered. */
const MOST_UNFINISHED = 5;

function withUnfinished(task: Task): NonNullable<Task["unfinished"]> {
  const { id, stage } = attemptOf(task);
  const before = task.unfinished?.stage === stage ? task.unfinished.attempts : [];
  return { stage, attempts: [...before, id].slice(-MOST_UNFINISHED) };
}

/** The attempt that is dispatched, leased or delivering; its absence there is a bug. */
function attemptOf(task: Task): Attempt {
  const attempt = currentAttempt(task);
  if (!attempt) throw new Error(`Task ${task.id} has no attempt while ${task.phase.kind}.`);
  return attempt;
}

export function currentAttempt(task: Task): Attempt | null {
  const { phase } = task;
  return phase.kind === "dispatched" || phase.kind === "leased" || phase.kind === "delivering"
    ? phase.attempt
    : null;
}

/** The run that the task waits for, be it an agent's or the verify command's. */
export function awaitedRun(task: Task): { readonly attempt: AttemptId; readonly run: Run | null } | null {
  const attempt = currentAttempt(task);
  return attempt ? { attempt: attempt.id, run: attempt.run } : currentVerifyRun(task);
}

export function currentVerifyRun({ phase }: Task): VerifyRun | null {
  return phase.kind === "verifying" ? phase.verifyRun : null;
}

/** Labels decide the tier and are no part of what an approval covers. */
function changeIssue(task: Task, issue: Task["issue"], meta: EventMeta): Task {
  const same = issue.title === task.issue.title && issue.body === task.issue.body;
  return { ...task, issue, subjectChangedAt: same ? task.subjectChangedAt : meta.at };
}

/** What another command said of the head counts no more. */
function changePolicy(task: Task, policy: Policy): Task {
  const { phase } = task;
  if (phase.kind !== "verifying" || policy.verify.command === task.policy.verify.command) {
    return { ...task, policy };
  }
  return { ...task, policy, phase: { ...phase, verifyRun: null, lostVerifyRuns: 0 }, verification: null };
}

function holdPhase(phase: Phase): Phase {
  return phase.kind === "merging" ? { ...phase, kind: "reviewable", open: true } : withoutVerifyRun(phase);
}

/** What checks did during a hold was not noted: they are waited for as if from the start. */
function resumePhase(phase: Phase, meta: EventMeta): Phase {
  return phase.kind === "verifying" ? { ...phase, since: meta.at, settling: null } : phase;
}

function withoutVerifyRun(phase: Phase): Phase {
  return phase.kind === "verifying" ? { ...phase, verifyRun: null } : phase;
}

function recordRun(task: Task, event: Extract<TaskEvent, { type: "RunStarted" }>): Task {
  if (task.phase.kind === "verifying" && task.phase.verifyRun) {
    const verifyRun = { ...task.phase.verifyRun, run: event.run };
    return { ...withStage(task, "verify", { run: event.run }), phase: { ...task.phase, verifyRun } };
  }
  const attempt = { ...attemptOf(task), run: event.run };
  const phase = { ...task.phase, attempt } as Phase;
  return { ...withStage(task, attempt.stage, { run: event.run }), phase };
}

function verifyingPhase(task: Task): Extract<Phase, { kind: "verifying" }> {
  if (task.phase.kind !== "verifying") throw new Error(`Task ${task.id} verifies while ${task.phase.kind}.`);
  return task.phase;
}

function deliveringPhase(task: Task, meta: EventMeta): Phase {
  if (task.phase.kind !== "leased") throw new Error(`Task ${task.id} reported without a lease.`);
  const { attempt, lease } = task.phase;
  return { kind: "delivering", attempt, runId: lease.runId, since: meta.at };
}

function passStage(task: Task, stage: Stage, summary: string): Task {
  const passed = withStage(task, stage, { state: "passed", summary });
  const next = STAGES[STAGES.indexOf(stage) + 1];
  // After the last stage the merge gate is reached by an event of its own.
  const phase: Phase = next ? { kind: "queued", stage: next } : task.phase;
  // What people asked for was asked of this stage or an earlier one; the working stages still need it.
  const guidance = stage === "implement" ? null : task.guidance;
  return { ...passed, phase, guidance };
}

function headOf(task: Task): string {
  if (task.headSha === null) throw new Error(`Task ${task.id} has no head commit.`);
  return task.headSha;
}

function gatePhase(task: Task, event: Extract<TaskEvent, { type: "GateReached" }>, meta: EventMeta): Phase {
  if (event.gate === "merge") {
    return { kind: "reviewable", sha: headOf(task), digest: event.digest, since: meta.at, open: false };
  }
  return { kind: "gated", next: stageToGate(task), digest: event.digest, since: meta.at };
}

/** What the plan gate stands before: the stage that was about to begin or has to begin again. */
function stageToGate(task: Task): Stage {
  switch (task.phase.kind) {
    case "queued":
    case "backing-off":
      return task.phase.stage;
    case "gated":
      return task.phase.next;
    case "verifying":
      return "verify";
    case "reviewable":
    case "merging":
      return "review";
    default:
      throw new Error(`Task ${task.id} cannot be gated while ${task.phase.kind}.`);
  }
}

function openGate(task: Task, gate: "plan" | "merge"): Phase {
  if (gate === "plan" && task.phase.kind === "gated") return { kind: "queued", stage: task.phase.next };
  if (gate === "merge" && task.phase.kind === "reviewable") return { ...task.phase, open: true };
  throw new Error(`Task ${task.id} has no ${gate} gate to open while ${task.phase.kind}.`);
}

function reviewableDigest(task: Task): string {
  if (task.phase.kind !== "reviewable") throw new Error(`Task ${task.id} merges while ${task.phase.kind}.`);
  return task.phase.digest;
}
