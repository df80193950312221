import { expect, test } from "vitest";
import { wayTo } from "../../../test/support/app/way-of-a-task.ts";
import { startCommand } from "../../../test/support/task/candidate-commands.ts";
import type { Policy } from "../policy/policy.ts";
import { canonicalJson } from "../canonical-json.ts";
import { approvalDigest } from "./approval-digest.ts";
import { decide } from "./decide.ts";
import { evolve } from "./evolve.ts";
import type { Task } from "./state.ts";

const META = { at: "2026-11-21T12:00:00.000Z", actor: "maya", cause: "test" };
const OTHER_SHA = "f".repeat(40);

/** The states that a task goes through on its way to the review. */
function statesOfATask(): readonly Task[] {
  const start = startCommand();
  const states: Task[] = [];
  let task: Task | null = null;
  for (const command of [start, ...wayTo(start.task, "reviewable")]) {
    const decision = decide(task, command, { now: META.at, actor: META.actor, draw: 0.5 });
    if (!decision.ok) throw new Error(decision.error.message);
    for (const event of decision.value) states.push((task = evolve(task, event, META)));
  }
  return states;
}

test("a state has the digest that it has when it is read from the record, where keys have another order", () => {
  for (const task of statesOfATask()) {
    for (const gate of ["plan", "merge"] as const) {
      expect(approvalDigest(task, gate)).toBe(approvalDigest(JSON.parse(canonicalJson(task)) as Task, gate));
    }
  }
});

const LAST = statesOfATask().at(-1) as Task;
const DEARER: Policy = { ...LAST.policy, digest: "another" };

test.each<[string, Task, boolean, boolean]>([
  ["issue", { ...LAST, issue: { ...LAST.issue, body: "Something else." } }, true, true],
  ["plan", { ...LAST, plan: null }, true, true],
  ["policy", { ...LAST, policy: DEARER }, true, true],
  ["base commit", { ...LAST, baseSha: OTHER_SHA }, true, true],
  ["head commit", { ...LAST, headSha: OTHER_SHA }, false, true],
  ["hold", { ...LAST, hold: { by: "maya", at: META.at } }, false, false],
])("another %s", (_part, task, isOtherForPlan, isOtherForMerge) => {
  const digestsOf = (state: Task) => [approvalDigest(state, "plan"), approvalDigest(state, "merge")];
  const [plan, merge] = digestsOf(LAST);
  const [otherPlan, otherMerge] = digestsOf(task);
  expect([plan !== otherPlan, merge !== otherMerge]).toEqual([isOtherForPlan, isOtherForMerge]);
  expect(digestsOf(LAST)).toEqual([plan, merge]);
});
