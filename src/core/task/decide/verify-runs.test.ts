import { describe, expect, test } from "vitest";
import { FAILURE } from "../../../../test/support/task/candidate-commands.ts";
import { exampleStages, exampleTask, HEAD, run } from "../../../../test/support/task/example-task.ts";
import { step } from "../../../../test/support/task/explore-tasks.ts";
import { samplePolicy } from "../../../../test/support/task/sample-policy.ts";
import type { ChecksVerdict, TaskCommand } from "../commands.ts";
import type { Effect } from "../effect.ts";
import { effects } from "../effects.ts";
import { currentVerifyRun } from "../evolve.ts";
import type { Task } from "../state.ts";

const facts = { now: "2026-11-20T14:00:00.000Z", draw: 0.5, actor: "robin" };
/** This long after everything else; the policy waits an hour for checks. */
const hours = (count: number) => new Date(Date.parse(facts.now) + count * 3_600_000).toISOString();
const NEXT = "d".repeat(40);

function policyWith(command: string | null): Task["policy"] {
  const policy = samplePolicy();
  return { ...policy, verify: { ...policy.verify, command } };
}

/** What these commands do, each answered, the last one's effects beside the task after it. */
function tell(task: Task, ...commands: readonly TaskCommand[]): { task: Task; effects: readonly Effect[] } {
  return tellAt(facts.now, task, ...commands);
}

function tellAt(
  now: string,
  task: Task,
  ...commands: readonly TaskCommand[]
): { task: Task; effects: readonly Effect[] } {
  return commands.reduce<{ task: Task; effects: readonly Effect[] }>(
    (told, command) => {
      const stepped = step(told.task, command, { ...facts, now });
      if (!stepped.decision.ok) throw new Error(stepped.decision.error.message);
      const meta = { at: now, actor: facts.actor, cause: "test" };
      return {
        task: stepped.after ?? told.task,
        effects: effects(
          told.task,
          stepped.events.map(({ event }) => event),
          meta,
        ),
      };
    },
    { task, effects: [] },
  );
}

/** Work that waits for people, whose head somebody then moves: nothing has run the command on it. */
function pushed(): { task: Task; effects: readonly Effect[] } {
  const ready = exampleTask({
    policy: policyWith("npm test"),
    begun: true,
    headSha: HEAD,
    stages: exampleStages({ review: { state: "passed", attempts: 1 } }),
    phase: { kind: "reviewable", sha: HEAD, digest: "", since: facts.now, open: false },
    verification: { sha: HEAD, passed: true },
    attemptOrdinal: 4,
  });
  return tell(ready, { type: "observe-head", sha: NEXT, by: "sam", changedFiles: [] });
}

function attemptOf(task: Task) {
  const verifyRun = currentVerifyRun(task);
  if (!verifyRun) throw new Error("The verify command is not to be run.");
  return verifyRun.attempt;
}

/** The run is on record under this number. */
function started(task: Task, id: number): Task {
  return tell(task, { type: "record-run", attempt: attemptOf(task), run: run(id) }).task;
}

function result(task: Task, failure: typeof FAILURE | null): TaskCommand {
  return { type: "record-verification", attempt: attemptOf(task), sha: NEXT, failure };
}

function checksOf(verdict: ChecksVerdict): TaskCommand {
  return { type: "observe-checks", sha: NEXT, policy: samplePolicy().digest, verdict };
}

describe("the verify command", () => {
  test("is run on a head that a person pushed", () => {
    const { task, effects } = pushed();
    expect(currentVerifyRun(task)).toMatchObject({ number: 1, run: null });
    expect(effects).toContainEqual({ kind: "dispatch-run", attempt: attemptOf(task) });
  });

  test("is run again when its run ends or breaks without a result, and a person is asked in the end", () => {
    const first = started(pushed().task, 11);
    const { task: second, effects } = tell(first, { type: "end-run", runId: 11, conclusion: "failure" });
    expect(effects).toContainEqual({ kind: "dispatch-run", attempt: attemptOf(second) });
    expect(attemptOf(second)).not.toBe(attemptOf(first));
    const broken = { ...FAILURE, kind: "infrastructure", summary: "The disk is full." } as const;
    const third = tell(started(second, 12), result(second, broken)).task;
    expect(currentVerifyRun(third)).toMatchObject({ number: 3 });
    const last = tell(started(third, 13), { type: "end-run", runId: 13, conclusion: "cancelled" }).task;
    expect(last.phase).toEqual({
      kind: "stuck",
      reason: "exhausted",
      stage: "verify",
      detail: "The verify command came to no result in 3 runs. Its run ended (cancelled).",
    });
    expect(currentVerifyRun(tell(last, { type: "retry", stage: null, guidance: null }).task)).toMatchObject({
      number: 1,
    });
  });

  test("is run once more by /retry after it was red, on the same head", () => {
    const { task } = pushed();
    const red = tell(task, result(task, FAILURE)).task;
    expect(red.phase).toMatchObject({ kind: "backing-off", stage: "implement" });
    const stuck = { ...red, phase: { ...task.phase, kind: "stuck", reason: "exhausted", detail: "" } };
    const retried = tell(
      { ...stuck, stages: task.stages, phase: { ...stuck.phase, stage: "implement" } } as Task,
      { type: "retry", stage: "verify", guidance: null },
    );
    expect(retried.task).toMatchObject({ headSha: NEXT, verification: null });
    expect(currentVerifyRun(retried.task)).toMatchObject({ number: 1 });
  });

  test.each<[string, TaskCommand]>([
    ["on hold", { type: "hold" }],
    ["cancelled", { type: "cancel", why: "" }],
    ["on another head", { type: "observe-head", sha: HEAD, by: "sam", changedFiles: [] }],
    ["red already", checksOf({ state: "red", failure: FAILURE })],
    ["started anew", { type: "retry", stage: "verify", guidance: null }],
    ["under a policy with another command", { type: "change-policy", policy: renewed("make test") }],
    ["under a policy without a command", { type: "change-policy", policy: renewed(null) }],
  ])("is cancelled when the work is %s", (_what, command) => {
    const running = started(pushed().task, 11);
    const { task, effects } = tell(running, command);
    expect(effects).toContainEqual({ kind: "cancel-run", runId: 11 });
    expect(currentVerifyRun(task)?.attempt).not.toBe(attemptOf(running));
  });

  test("is run anew, and not as another try, when a hold ends", () => {
    const { task } = tell(started(pushed().task, 11), { type: "hold" }, { type: "resume" });
    expect(currentVerifyRun(task)).toMatchObject({ number: 1, run: null });
  });

  test("is not late for the time of a hold, and has all of it when the hold ends", () => {
    const held = tell(started(pushed().task, 11), { type: "hold" }).task;
    const pending = checksOf({ state: "pending", waitingFor: ["the verify command"] });
    expect(tellAt(hours(2), held, pending).task).toEqual(held);
    const { task, effects } = tellAt(hours(2), held, { type: "resume" });
    expect(effects.flatMap((effect) => (effect.kind === "read-checks" ? effect.notBefore : []))).toEqual([
      null,
      "2026-11-20T16:01:00.000Z",
      hours(3),
    ]);
    expect(tellAt(hours(2.9), task, pending).task.phase.kind).toBe("verifying");
    expect(tellAt(hours(3), task, pending).task.phase.kind).toBe("backing-off");
  });

  test("has all of its time in every run", () => {
    const first = started(pushed().task, 11);
    const { task, effects } = tellAt(hours(0.9), first, {
      type: "end-run",
      runId: 11,
      conclusion: "failure",
    });
    expect(effects).toContainEqual({ kind: "read-checks", sha: NEXT, notBefore: hours(1.9) });
    const pending = checksOf({ state: "pending", waitingFor: ["the verify command"] });
    expect(tellAt(hours(1), task, pending).task.phase.kind).toBe("verifying");
    expect(tellAt(hours(1.9), task, pending).task.phase.kind).toBe("backing-off");
  });

  test("leaves its run alone once it has come to a result", () => {
    const { task } = pushed();
    expect(tell(started(task, 11), result(task, null)).effects).toEqual([
      { kind: "mirror" },
      { kind: "read-checks", sha: NEXT, notBefore: null },
    ]);
  });
});

function renewed(command: string | null): Task["policy"] {
  return { ...policyWith(command), digest: "c".repeat(64) };
}
