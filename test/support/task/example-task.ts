import { attemptId } from "../../../src/base/ids.ts";
import { evolve } from "../../../src/core/task/evolve.ts";
import type { Attempt, Approval, Stage, StageProgress, Task } from "../../../src/core/task/state.ts";
import { approvalDigest } from "../../../src/core/task/approval-digest.ts";
import { REQUESTER, startCommand, TASK } from "./candidate-commands.ts";

const OPENED_AT = "2026-11-20T14:00:00.000Z";

export const HEAD = "abc1234".padEnd(40, "0");

/** A task as a test wants it, for what depends on the state alone: everything else is as in a task just opened. */
export function exampleTask(wanted: Partial<Task> = {}): Task {
  const { task, tenant, repository, issue, policy, baseSha, branch } = startCommand();
  const opened = evolve(
    null,
    {
      type: "TaskOpened",
      task,
      tenant,
      repository,
      issue,
      requester: REQUESTER,
      policy,
      baseSha,
      branch,
      tier: "medium",
      tierReasons: ["The policy makes every change medium."],
    },
    { at: OPENED_AT, actor: REQUESTER, cause: "test" },
  );
  return { ...opened, ...wanted };
}

/** The stages with these as they are told and all before the first of them passed. */
export function exampleStages(told: {
  readonly [S in Stage]?: Partial<StageProgress>;
}): readonly StageProgress[] {
  const { stages } = exampleTask();
  const first = stages.findIndex(({ stage }) => told[stage]);
  return stages.map((progress, index) => {
    const passed =
      index < first ? { state: "passed" as const, attempts: 1, summary: "", run: run(index + 1) } : {};
    return { ...progress, ...passed, ...told[progress.stage] };
  });
}

export function exampleAttempt(stage: Stage, number = 1): Attempt {
  return {
    id: attemptId(TASK, number),
    stage,
    number,
    role: stage === "implement" ? "developer" : "planner",
    harness: "command",
    model: null,
    dispatchedAt: "2026-11-20T14:01:00.000Z",
    run: run(number),
  };
}

export function run(id: number): { readonly id: number; readonly url: string } {
  return { id, url: `https://example.org/runs/${id}` };
}

/** An approval of what the gate asks about now. */
export function approvalOf(task: Task, gate: Approval["gate"], by: string): Approval {
  return { gate, by, digest: approvalDigest(task, gate), at: "2026-11-20T14:30:00.000Z", source: "comment" };
}
