import type { AttemptId } from "../../../base/ids.ts";
import { err, ok } from "../../../base/result.ts";
import { assertNever } from "../../../base/assert-never.ts";
import { approvalDigest } from "../approval-digest.ts";
import type { AttemptReport, Facts, TaskCommand } from "../commands.ts";
import type { Decision } from "../decide.ts";
import { blockedBy, isOutage, remedyOf } from "../error-class.ts";
import type { TaskEvent } from "../events.ts";
import { currentAttempt } from "../evolve.ts";
import type { Attempt, AttemptUsage, Failure, Task } from "../state.ts";
import { refuse } from "../refusal.ts";
import { scheduleRetry } from "./schedule-retry.ts";
import { waitForModel } from "./wait-for-model.ts";
import { tierEvents } from "./tier-events.ts";

type Command<Type extends TaskCommand["type"]> = Extract<TaskCommand, { type: Type }>;

/** The right to work on an attempt goes to the run that was started for it; that run may ask again, nobody else. */
export function claimLease(task: Task, command: Command<"claim-lease">): Decision {
  const attempt = currentAttempt(task);
  if (attempt?.id !== command.attempt) return unknownAttempt(command.attempt);
  if (attempt.run?.id !== command.runId) {
    return err(
      refuse("run-unknown", `Run ${command.runId} is not the one started for attempt ${attempt.id}.`),
    );
  }
  const granted: TaskEvent = {
    type: "LeaseGranted",
    attempt: attempt.id,
    lease: command.lease,
    runId: command.runId,
  };
  if (task.phase.kind === "dispatched") return ok([granted]);
  if (task.phase.kind === "leased") {
    return ok([{ type: "LeaseEnded", lease: task.phase.lease.id, why: "revoked" }, granted]);
  }
  return err(refuse("lease-taken", `Attempt ${attempt.id} has reported already.`));
}

export function reportAttempt(task: Task, command: Command<"report-attempt">, facts: Facts): Decision {
  const { phase } = task;
  if (phase.kind !== "leased" || phase.lease.id !== command.lease) {
    return err(
      refuse("lease-unknown", "This lease is over: another attempt, a hold or a cancel took its place."),
    );
  }
  const ended: TaskEvent = { type: "LeaseEnded", lease: command.lease, why: "finished" };
  const { attempt } = phase;
  return ok([
    ended,
    ...usageEvents(attempt, command.usage),
    ...eventsOfReport(task, attempt, command.report, facts),
  ]);
}

function usageEvents({ id, stage, number }: Attempt, usage: AttemptUsage | null): TaskEvent[] {
  return usage === null
    ? []
    : [{ type: "UsageRecorded", spending: { attempt: id, stage, number, ...usage } }];
}

function eventsOfReport(task: Task, attempt: Attempt, report: AttemptReport, facts: Facts): TaskEvent[] {
  switch (report.outcome) {
    case "done":
      return eventsOfSuccess(task, attempt, report, facts);
    case "failed":
      return failAttempt(task, attempt, report.failure, facts);
    case "question":
      return [
        failed(attempt, failureOf("agent", `The ${attempt.role} asks: ${report.question}`)),
        { type: "TaskStuck", reason: "question", stage: attempt.stage, detail: report.question },
      ];
    case "cancelled":
      return failAttempt(
        task,
        attempt,
        failureOf("lost", "The run was stopped before the agent was done."),
        facts,
      );
    default:
      return assertNever(report);
  }
}

function eventsOfSuccess(
  task: Task,
  attempt: Attempt,
  report: Extract<AttemptReport, { outcome: "done" }>,
  facts: Facts,
): TaskEvent[] {
  const misplaced = misplacement(attempt, report);
  if (misplaced) return failAttempt(task, attempt, misplaced, facts);
  const reported: TaskEvent = {
    type: "AttemptReported",
    attempt: attempt.id,
    summary: report.summary,
    bundle: report.bundle,
  };
  if (attempt.stage === "plan" && report.plan) {
    return [
      reported,
      { type: "PlanProposed", plan: report.plan },
      ...tierEvents({ ...task, plan: report.plan }, task.changedFiles),
      { type: "StagePassed", stage: "plan", summary: report.summary },
    ];
  }
  if (attempt.stage !== "review") return [reported];
  if (report.verdict === "approve") {
    return [
      reported,
      { type: "StagePassed", stage: "review", summary: report.summary },
      { type: "GateReached", gate: "merge", digest: approvalDigest(task, "merge") },
    ];
  }
  const failure = failureOf("changes-requested", `The ${attempt.role} asks for changes.`, report.summary);
  return [
    reported,
    { type: "StageFailed", stage: "review", failure },
    scheduleRetry(task, "implement", failure, facts),
  ];
}

/** A report that does not fit its stage is a failed attempt, told in the words of what was missing or too much. */
function misplacement(attempt: Attempt, report: Extract<AttemptReport, { outcome: "done" }>): Failure | null {
  const writes = attempt.stage === "test" || attempt.stage === "implement";
  if (writes && report.bundle === null) return failureOf("agent", `The ${attempt.role} changed nothing.`);
  if (!writes && report.bundle !== null) {
    return failureOf("scope", `The ${attempt.role} changed files, which the ${attempt.stage} stage may not.`);
  }
  if (attempt.stage === "plan" && !report.plan) {
    return failureOf("report", `The ${attempt.role} reported no plan.`);
  }
  if (attempt.stage === "review" && !report.verdict) {
    return failureOf("report", `The ${attempt.role} reported no verdict.`);
  }
  return null;
}

export function deliverWork(task: Task, command: Command<"deliver-work">): Decision {
  const { phase } = task;
  if (phase.kind !== "delivering" || phase.attempt.id !== command.attempt)
    return unknownAttempt(command.attempt);
  const { stage, role } = phase.attempt;
  const events: TaskEvent[] = [
    {
      type: "WorkDelivered",
      attempt: command.attempt,
      headSha: command.headSha,
      changedFiles: command.changedFiles,
    },
  ];
  const count = command.changedFiles.length;
  const summary = `The ${role}'s work is ${command.headSha.slice(0, 7)}: ${count} ${count === 1 ? "file differs" : "files differ"} from the base.`;
  return ok([...events, ...tierEvents(task, command.changedFiles), { type: "StagePassed", stage, summary }]);
}

export function rejectWork(task: Task, command: Command<"reject-work">, facts: Facts): Decision {
  const { phase } = task;
  if (phase.kind !== "delivering" || phase.attempt.id !== command.attempt)
    return unknownAttempt(command.attempt);
  return ok(failAttempt(task, phase.attempt, command.failure, facts));
}

export function expireLease(task: Task, command: Command<"expire-lease">, facts: Facts): Decision {
  const { phase } = task;
  if (phase.kind !== "leased" || phase.lease.id !== command.lease) {
    return err(refuse("lease-unknown", "This lease is over already."));
  }
  const silentMs = Date.parse(facts.now) - Date.parse(command.lastSeenAt);
  if (silentMs < task.policy.lease.ttlMs) {
    return err(refuse("lease-alive", "The lease's holder was heard of within its time to live."));
  }
  const seconds = Math.round(silentMs / 1_000);
  const failure = failureOf("lost", `The runner was not heard of for ${seconds} seconds.`);
  return ok([
    { type: "LeaseEnded", lease: command.lease, why: "expired" },
    ...failAttempt(task, phase.attempt, failure, facts),
  ]);
}

/** The attempt's failure and what comes after it. */
export function failAttempt(task: Task, attempt: Attempt, failure: Failure, facts: Facts): TaskEvent[] {
  const { errorClass = null } = failure;
  if (isOutage(errorClass)) return waitForModel(task, attempt, failure, facts);
  const remedy = remedyOf(errorClass);
  if (remedy !== null) {
    const detail = `${failure.summary} ${remedy}`.trim();
    const reason = blockedBy(errorClass);
    return [failed(attempt, failure), { type: "TaskStuck", reason, stage: attempt.stage, detail }];
  }
  return [failed(attempt, failure), scheduleRetry(task, attempt.stage, failure, facts)];
}

export function failureOf(kind: Failure["kind"], summary: string, logTail = ""): Failure {
  return { kind, summary, failingTests: [], logTail, diff: "" };
}

function failed(attempt: Attempt, failure: Failure): TaskEvent {
  return { type: "AttemptFailed", attempt: attempt.id, failure };
}

function unknownAttempt(attempt: AttemptId): Decision {
  return err(refuse("attempt-unknown", `Attempt ${attempt} is not the one that the task waits for.`));
}
