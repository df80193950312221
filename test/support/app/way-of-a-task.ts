import { attemptId } from "../../../src/base/ids.ts";
import type { LeaseId, TaskId } from "../../../src/base/ids.ts";
import type { TaskCommand } from "../../../src/core/task/commands.ts";
import type { Stage, Task } from "../../../src/core/task/state.ts";
import { samplePolicy } from "../task/sample-policy.ts";
import type { App } from "./open-app.ts";

export const FIRST_HEAD = "a".repeat(40);
export const SECOND_HEAD = "c".repeat(40);

const DONE = { outcome: "done", summary: "Done.", bundle: null, plan: null, verdict: null } as const;
const BUNDLE = "e".repeat(64);

/** Where a stage begins, where the developer's work is being delivered, or the review by people. */
type Where = Stage | "delivering" | "reviewable";

/** A new task of the sample policy, taken this far. */
export async function takeTo(app: App, where: Where): Promise<Task> {
  let task = await app.task();
  for (const command of wayTo(task.id, where)) task = await app.tell(task.id, command);
  return task;
}

/** The commands that take a new task of the sample policy this far. */
export function wayTo(task: TaskId, where: Where): TaskCommand[] {
  const plan = [
    ...attempt(task, 1),
    report("L-1", { ...DONE, plan: { text: "Plan.", paths: ["src/sum.js"] } }),
  ];
  const test = [
    ...attempt(task, 2),
    report("L-2", { ...DONE, bundle: BUNDLE }),
    deliver(task, 2, FIRST_HEAD),
  ];
  const implement = [...attempt(task, 3), report("L-3", { ...DONE, bundle: BUNDLE })];
  const delivering = [deliver(task, 3, SECOND_HEAD)];
  const verify: TaskCommand[] = [
    {
      type: "observe-checks",
      sha: SECOND_HEAD,
      policy: samplePolicy().digest,
      verdict: { state: "green", names: ["ci"] },
    },
  ];
  const review = [...attempt(task, 4), report("L-4", { ...DONE, verdict: "approve" })];
  const ways = {
    plan: 0,
    test: 1,
    implement: 2,
    delivering: 3,
    verify: 4,
    review: 5,
    reviewable: 6,
  } as const;
  return [plan, test, implement, delivering, verify, review].slice(0, ways[where]).flat();
}

function attempt(task: TaskId, ordinal: number): TaskCommand[] {
  const id = attemptId(task, ordinal);
  return [
    { type: "record-run", attempt: id, run: { id: ordinal, url: "http://run" } },
    { type: "claim-lease", attempt: id, lease: `L-${ordinal}` as LeaseId, runId: ordinal },
  ];
}

function report(
  lease: string,
  given: Extract<TaskCommand, { type: "report-attempt" }>["report"],
): TaskCommand {
  return { type: "report-attempt", lease: lease as LeaseId, report: given, usage: null };
}

function deliver(task: TaskId, ordinal: number, headSha: string): TaskCommand {
  return {
    type: "deliver-work",
    attempt: attemptId(task, ordinal),
    headSha,
    changedFiles: ["src/sum.js"],
  };
}
