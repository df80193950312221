import { attemptId } from "../../../base/ids.ts";
import { evaluateMergeGate } from "../../policy/evaluate-merge-gate.ts";
import { evaluatePlanGate } from "../../policy/evaluate-plan-gate.ts";
import { approvalDigest, changedParts } from "../approval-digest.ts";
import type { Facts } from "../commands.ts";
import { currentStage, isOver } from "../derive-status.ts";
import type { TaskEvent } from "../events.ts";
import { progressOf } from "../stage-progress.ts";
import type { Stage, Task } from "../state.ts";
import { stopAttempt } from "./stop-attempt.ts";

/**
 * The next events that follow from the state alone, one step at a time; none when the task rests. The order is the
 * order of what must never wait: stale approvals fall first, then gates shut, and only then may work go on.
 */
export function followUps(before: Task | null, task: Task, facts: Facts): readonly TaskEvent[] {
  if (isOver(task)) return [];
  const voided = voidStaleApprovals(before ?? task, task);
  if (voided.length > 0) return voided;
  const gated = guardPlanGate(task);
  if (gated.length > 0) return gated;
  if (task.phase.kind === "reviewable" || task.phase.kind === "merging") return guardMergeGate(task);
  if (task.hold) return [];
  if (task.phase.kind === "gated") {
    return evaluatePlanGate(task).satisfied
      ? [{ type: "GateOpened", gate: "plan", digest: task.phase.digest }]
      : [];
  }
  if (task.phase.kind === "verifying") return runVerifyCommand(task, task.phase);
  if (task.phase.kind === "queued") return [begin(task, task.phase.stage, facts)];
  return [];
}

function voidStaleApprovals(before: Task, task: Task): TaskEvent[] {
  return task.approvals
    .filter(({ gate, digest }) => digest !== approvalDigest(task, gate))
    .map(({ gate, by, digest }) => ({
      type: "ApprovalVoided",
      gate,
      by,
      digest,
      changed: changedParts(before, task, gate),
    }));
}

/** Before Act: past the plan, a task whose plan gate is shut goes nowhere, and what is running stops. */
function guardPlanGate(task: Task): TaskEvent[] {
  const { phase } = task;
  if (phase.kind === "stuck") return [];
  if (phase.kind !== "gated") {
    if (currentStage(task) === "plan" || evaluatePlanGate(task).satisfied) return [];
    const stopped = stopAttempt(task, "approval-voided");
    if (stopped.length > 0) return stopped;
  }
  const digest = approvalDigest(task, "plan");
  return phase.kind === "gated" && phase.digest === digest
    ? []
    : [{ type: "GateReached", gate: "plan", digest }];
}

/** A merge that was asked for but not carried out yet needs its gate as much as one that was not. */
function guardMergeGate(task: Task): TaskEvent[] {
  const { phase } = task;
  if (phase.kind !== "reviewable" && phase.kind !== "merging") return [];
  const digest = approvalDigest(task, "merge");
  const { satisfied } = evaluateMergeGate(task);
  const wasOpen = phase.kind === "merging" || phase.open;
  if (phase.digest !== digest || (wasOpen && !satisfied)) {
    return [{ type: "GateReached", gate: "merge", digest }];
  }
  if (phase.kind === "merging") return [];
  if (satisfied && !phase.open) return [{ type: "GateOpened", gate: "merge", digest }];
  if (!phase.open || task.hold || task.mergeRefusal !== null || !task.policy.merge.automatic) return [];
  return [{ type: "MergeRequested", sha: phase.sha }];
}

/** A head that needs the verify command and has no result of it has a run under way. */
function runVerifyCommand(task: Task, phase: Extract<Task["phase"], { kind: "verifying" }>): TaskEvent[] {
  const { sha, verifyRun, lostVerifyRuns } = phase;
  if (task.policy.verify.command === null || verifyRun || task.verification?.sha === sha) return [];
  const attempt = attemptId(task.id, task.attemptOrdinal + 1);
  return [{ type: "VerifyRunDispatched", sha, attempt, number: lostVerifyRuns + 1 }];
}

function begin(task: Task, stage: Stage, facts: Facts): TaskEvent {
  if (stage === "verify") return { type: "VerificationStarted", sha: headOf(task) };
  const { role, harness } = task.policy.stages[stage];
  return {
    type: "AttemptDispatched",
    attempt: {
      id: attemptId(task.id, task.attemptOrdinal + 1),
      stage,
      number: progressOf(task, stage).attempts + 1,
      role,
      harness: harness.name,
      model: harness.model,
      dispatchedAt: facts.now,
      run: null,
    },
  };
}

function headOf(task: Task): string {
  if (task.headSha === null) throw new Error(`Task ${task.id} verifies before anything was delivered.`);
  return task.headSha;
}
