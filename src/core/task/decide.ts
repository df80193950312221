import { assertNever } from "../../base/assert-never.ts";
import type { Result } from "../../base/result.ts";
import { err, ok } from "../../base/result.ts";
import type { Facts, TaskCommand } from "./commands.ts";
import { claimLease, deliverWork, expireLease, rejectWork, reportAttempt } from "./decide/attempts.ts";
import { followUps } from "./decide/follow-ups.ts";
import {
  changeIssue,
  changePolicy,
  changeRepository,
  endRun,
  enterQueue,
  leaveQueue,
  observeChecks,
  observeHead,
  recordMerge,
  recordPull,
  recordRun,
  recordVerification,
  refuseMerge,
  refuseRun,
  wake,
} from "./decide/observations.ts";
import {
  approve,
  cancel,
  dismissApproval,
  hold,
  requestChanges,
  resume,
  retry,
  start,
} from "./decide/people.ts";
import { isOver } from "./derive-status.ts";
import type { TaskEvent } from "./events.ts";
import { evolve } from "./evolve.ts";
import type { Refusal } from "./refusal.ts";
import { refuse } from "./refusal.ts";
import type { Task } from "./state.ts";

export type Decision = Result<readonly TaskEvent[], Refusal>;

/**
 * What a command leads to: events (none when it changes nothing), or a refusal, which changes nothing either. What
 * follows from the machine alone — a gate reached, the next attempt dispatched, an approval voided — is appended
 * until nothing more follows, so that a task never rests where it could go on.
 */
export function decide(task: Task | null, command: TaskCommand, facts: Facts): Decision {
  const asked = answer(task, command, facts);
  if (!asked.ok) return asked;
  return ok(withFollowUps(task, asked.value, facts));
}

function withFollowUps(before: Task | null, asked: readonly TaskEvent[], facts: Facts): readonly TaskEvent[] {
  const meta = { at: facts.now, actor: facts.actor, cause: "" };
  const events = [...asked];
  let task = asked.reduce<Task | null>((state, event) => evolve(state, event, meta), before);
  while (task) {
    const next: readonly TaskEvent[] = followUps(before, task, facts);
    if (next.length === 0) break;
    events.push(...next);
    task = next.reduce<Task | null>((state, event) => evolve(state, event, meta), task);
  }
  return events;
}

function answer(task: Task | null, command: TaskCommand, facts: Facts): Decision {
  if (command.type === "start") return start(task, command, facts);
  if (!task) return err(refuse("no-task", "No task was started for this issue; label it to start one."));
  if (isOver(task)) {
    return err(
      refuse("task-over", `This task is ${task.phase.kind}; label the issue again to start a new one.`),
    );
  }
  return answerOpen(task, command, facts);
}

function answerOpen(task: Task, command: Exclude<TaskCommand, { type: "start" }>, facts: Facts): Decision {
  switch (command.type) {
    case "approve":
      return approve(task, command, facts);
    case "retry":
      return retry(task, command, facts);
    case "request-changes":
      return requestChanges(task, command, facts);
    case "dismiss-approval":
      return dismissApproval(task, command);
    case "cancel":
      return cancel(task, command, facts);
    case "hold":
      return hold(task, facts);
    case "resume":
      return resume(task, facts);
    case "claim-lease":
      return claimLease(task, command);
    case "report-attempt":
      return reportAttempt(task, command, facts);
    case "deliver-work":
      return deliverWork(task, command);
    case "reject-work":
      return rejectWork(task, command, facts);
    case "record-verification":
      return recordVerification(task, command, facts);
    case "expire-lease":
      return expireLease(task, command, facts);
    case "record-run":
      return recordRun(task, command);
    case "refuse-run":
      return refuseRun(task, command);
    case "end-run":
      return endRun(task, command, facts);
    case "record-pull":
      return recordPull(task, command);
    case "observe-checks":
      return observeChecks(task, command, facts);
    case "observe-head":
      return observeHead(task, command);
    case "enter-queue":
      return enterQueue(task, command);
    case "leave-queue":
      return leaveQueue(task, command);
    case "change-issue":
      return changeIssue(task, command);
    case "change-repository":
      return changeRepository(task, command);
    case "change-policy":
      return changePolicy(task, command);
    case "record-merge":
      return recordMerge(task, command);
    case "refuse-merge":
      return refuseMerge(task, command);
    case "wake":
      return wake(task, facts);
    default:
      return assertNever(command);
  }
}
