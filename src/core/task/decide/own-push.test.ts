import { expect, test } from "vitest";
import {
  exampleAttempt,
  exampleStages,
  exampleTask,
  HEAD,
} from "../../../../test/support/task/example-task.ts";
import { step } from "../../../../test/support/task/explore-tasks.ts";
import type { TaskCommand } from "../commands.ts";
import { evolve } from "../evolve.ts";
import type { Task } from "../state.ts";

const NOW = "2026-11-20T14:00:00.000Z";
const PUSHED = "d".repeat(40);
const ON_TOP = "e".repeat(40);

const ready = exampleTask({
  begun: true,
  headSha: HEAD,
  stages: exampleStages({ review: { state: "passed", attempts: 1 } }),
  phase: { kind: "reviewable", sha: HEAD, digest: "", since: NOW, open: false },
});

function pushTo(sha: string | null, task: Task = ready): Task {
  return after(task, { type: "observe-head", sha, by: "sam", changedFiles: [] }, "sam");
}

function after(task: Task, command: TaskCommand, actor: string): Task {
  const stepped = step(task, command, { now: NOW, draw: 0.5, actor });
  if (!stepped.decision.ok || !stepped.after) throw new Error("The command was refused.");
  return stepped.after;
}

/** An agent's commit is the head now. */
function deliverOnTop(task: Task): Task {
  return evolve(
    { ...task, phase: { kind: "delivering", attempt: exampleAttempt("implement"), runId: 1, since: NOW } },
    { type: "WorkDelivered", attempt: exampleAttempt("implement").id, headSha: ON_TOP, changedFiles: [] },
    { at: NOW, actor: "baton", cause: "test" },
  );
}

function approveBy(actor: string, task: Task) {
  const yes = { type: "approve", digest: null, givenAt: NOW, source: "review", sha: task.headSha } as const;
  return step(task, yes, { now: NOW, draw: 0.5, actor }).decision;
}

test("whoever pushed approves no merge, though an agent has worked on top of it since", () => {
  const task = deliverOnTop(pushTo(PUSHED));
  expect(approveBy("sam", task)).toMatchObject({ ok: false, error: { code: "own-push" } });
  expect(approveBy("robin", task)).toMatchObject({ ok: true });
});

test.each([
  ["gone", null],
  ["back at its base", ready.baseSha],
])("a branch that is %s has nobody's commits any more", (_what, sha) => {
  const task = deliverOnTop(pushTo(sha, pushTo(PUSHED)));
  expect(approveBy("sam", task)).toMatchObject({ ok: true });
});

test("a task that was stored before pushers were kept takes approvals and pushes", () => {
  const { pushers: _none, ...rest } = ready;
  const stored = rest as Task;
  expect(approveBy("robin", stored)).toMatchObject({ ok: true });
  expect(pushTo(PUSHED, stored).pushers).toEqual(["sam"]);
});
