import type { Stage, StageProgress, Task } from "./state.ts";
import { STAGES } from "./state.ts";

export function progressOf(task: Task, stage: Stage): StageProgress {
  const progress = task.stages.find((candidate) => candidate.stage === stage);
  if (!progress) throw new Error(`Task ${task.id} has no stage ${stage}.`);
  return progress;
}

export function withStage(task: Task, stage: Stage, change: Partial<StageProgress>): Task {
  return {
    ...task,
    stages: task.stages.map((progress) => (progress.stage === stage ? { ...progress, ...change } : progress)),
  };
}

/** The stage and all after it wait again; their counts stay, so that a loop between stages ends. */
export function restartFrom(task: Task, stage: Stage): Task {
  const from = STAGES.indexOf(stage);
  return {
    ...task,
    stages: task.stages.map((progress, index) =>
      index >= from ? { ...progress, state: "waiting" } : progress,
    ),
  };
}

/** What was verified and reviewed is another commit than the one that is the head now. */
export function backToVerify(task: Task): Task {
  const { phase } = task;
  const restarted = restartFrom(task, "verify");
  if (phase.kind === "queued" && phase.stage === "review") {
    return { ...restarted, phase: { ...phase, stage: "verify" } };
  }
  if (phase.kind === "gated" && phase.next === "review") {
    return { ...restarted, phase: { ...phase, next: "verify" } };
  }
  return restarted;
}

export function withAttemptsForgotten(task: Task, stage: Stage): Task {
  const from = STAGES.indexOf(stage);
  return {
    ...task,
    stages: task.stages.map((progress, index) => (index >= from ? { ...progress, attempts: 0 } : progress)),
  };
}
