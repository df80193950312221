import type { ChildProcess } from "node:child_process";

import type { JobAssignment } from "../worker/job-assignment.ts";
import { killTracked, sendSignal } from "../worker/process-tree.ts";
import { timerMs } from "../worker/timer-ms.ts";
import type {
  AnnotationReport,
  ForgeQuestion,
  JobConclusion,
  MessageFromWorker,
  MessageToWorker,
  StepReport,
} from "../worker/worker-message.ts";

/** What the engine does with what a worker says. */
export interface WorkerListener {
  onSteps: (steps: StepReport[]) => void;
  onAnnotation: (annotation: AnnotationReport) => void;
  /** @returns the answer's value; a rejection's message goes into the step's log */
  onQuestion: (question: ForgeQuestion) => Promise<unknown>;
}

export type WorkerEnd =
  | { kind: "finished"; conclusion: JobConclusion; outputs: Record<string, string> }
  /** The worker ended without a word, killed by us or by something else. */
  | { kind: "lost"; reason: string };

export interface Worker {
  done: Promise<WorkerEnd>;
  /** Lets steps end as GitHub does, and kills what is left when the grace is over. */
  cancel: () => void;
  /** Ends the worker and all that it started, at once. */
  kill: () => void;
}

/** Gives a job to a fresh worker process. */
export function startWorker(
  child: ChildProcess,
  assignment: JobAssignment,
  listener: WorkerListener,
): Worker {
  let graceOver: NodeJS.Timeout | undefined;
  const kill = (): void => {
    clearTimeout(graceOver);
    // The worker first: while it lives it would start the next step.
    if (child.pid !== undefined) sendSignal(child.pid, "SIGKILL");
    killTracked(assignment.trackingId);
  };
  // The worker ends its job in time by itself, unless a step that may always run does not end.
  const limit = setTimeout(kill, timerMs(assignment.timeoutMinutes * 60_000 + assignment.grace.jobMs));
  const done = listen(child, listener).finally(() => {
    clearTimeout(graceOver);
    clearTimeout(limit);
  });
  send(child, { kind: "assign", assignment });
  return {
    done,
    kill,
    cancel: () => {
      send(child, { kind: "cancel" });
      graceOver ??= setTimeout(kill, assignment.grace.jobMs);
    },
  };
}

function listen(child: ChildProcess, listener: WorkerListener): Promise<WorkerEnd> {
  let end: WorkerEnd | null = null;
  let complaints = "";
  child.stderr?.on("data", (chunk: Buffer) => (complaints = (complaints + chunk.toString()).slice(-4000)));
  child.on("message", (message: MessageFromWorker) => {
    switch (message.kind) {
      case "steps":
        return listener.onSteps(message.steps);
      case "annotation":
        return listener.onAnnotation(message.annotation);
      case "ask":
        return void answer(child, message, listener);
      case "finished":
        end = message;
        return;
    }
  });
  return new Promise((resolve) => {
    child.once("error", (error) => resolve({ kind: "lost", reason: error.message }));
    child.once("exit", (code, signal) => {
      const reason = `The runner ended with ${signal ?? `exit code ${code}`}. ${complaints}`.trim();
      const settle = (): void => resolve(end ?? { kind: "lost", reason });
      // What it said last may still be on its way.
      if (child.connected) child.once("disconnect", settle);
      else settle();
    });
  });
}

async function answer(
  child: ChildProcess,
  { id, question }: Extract<MessageFromWorker, { kind: "ask" }>,
  listener: WorkerListener,
): Promise<void> {
  try {
    const value = await listener.onQuestion(question);
    send(child, { kind: "answer", id, answer: { ok: true, value } });
  } catch (error) {
    const reason = error instanceof Error ? error.message : String(error);
    send(child, { kind: "answer", id, answer: { ok: false, reason } });
  }
}

/** A worker that has just ended needs no message. */
function send(child: ChildProcess, message: MessageToWorker): void {
  if (child.connected) child.send(message, () => undefined);
}
