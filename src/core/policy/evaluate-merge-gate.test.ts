import { describe, expect, test } from "vitest";
import { approvalOf, exampleStages, exampleTask, HEAD } from "../../../test/support/task/example-task.ts";
import type { Task } from "../task/state.ts";
import type { Explanation } from "./explanation.ts";
import { evaluateMergeGate } from "./evaluate-merge-gate.ts";

const PLAN = { text: "Do it.", paths: ["src/**"] };

/** A task whose stages have all passed on its head commit. */
function passed(wanted: Partial<Task>): Task {
  const stages = exampleStages({ review: { state: "passed", attempts: 1 } });
  return exampleTask({ headSha: HEAD, plan: PLAN, stages, ...wanted });
}

function approvedBy(task: Task, ...given: readonly (readonly ["plan" | "merge", string])[]): Task {
  return { ...task, approvals: given.map(([gate, by]) => approvalOf(task, gate, by)) };
}

function lines({ name, satisfied, why, children }: Explanation): string[] {
  return [`${satisfied ? "yes" : "no"} ${name}: ${why}`, ...children.flatMap(lines)];
}

describe("a low change", () => {
  test("needs green checks and nothing else", () => {
    expect(lines(evaluateMergeGate(passed({ tier: "low" })))).toEqual([
      "yes merge gate: All of it is met.",
      "yes checks are green: They are green on abc1234.",
    ]);
  });

  test.each([
    ["running", "They are running on abc1234."],
    ["failed", "They are red on abc1234."],
    ["waiting", "They have not run on abc1234 yet."],
  ] as const)("is not merged while they are %s", (state, why) => {
    const task = passed({ tier: "low", stages: exampleStages({ verify: { state } }) });
    expect(lines(evaluateMergeGate(task))).toEqual([
      "no merge gate: 1 of 1 still missing.",
      `no checks are green: ${why}`,
    ]);
  });
});

describe("a medium change", () => {
  test("needs the approval of its head commit by somebody who did not ask for it", () => {
    const task = passed({ tier: "medium" });
    expect(lines(evaluateMergeGate(task))).toContain(
      "no approved by somebody else: Nobody has approved abc1234 yet.",
    );
    expect(lines(evaluateMergeGate(approvedBy(task, ["merge", "robin"], ["merge", "sam"])))).toEqual([
      "yes merge gate: All of it is met.",
      "yes checks are green: They are green on abc1234.",
      "yes approved by somebody else: robin and sam approved abc1234.",
    ]);
  });

  test("is not approved by whoever asked for it", () => {
    const task = approvedBy(passed({ tier: "medium" }), ["merge", "maya"]);
    expect(lines(evaluateMergeGate(task))).toContain(
      "no approved by somebody else: Only maya, who asked for the work, approved abc1234.",
    );
  });

  test("is not approved by whoever pushed onto its branch", () => {
    const task = passed({ tier: "medium", pushers: ["sam", "ada"] });
    expect(lines(evaluateMergeGate(task))).toContain(
      "no approved by somebody else: Nobody has approved abc1234 yet. sam and ada pushed onto its branch, so that takes somebody else.",
    );
    expect(evaluateMergeGate(approvedBy(task, ["merge", "sam"])).satisfied).toBe(false);
    expect(evaluateMergeGate(approvedBy(task, ["merge", "robin"])).satisfied).toBe(true);
  });

  test.each([
    ["the head commit", { headSha: "d".repeat(40) }],
    ["the plan", { plan: { ...PLAN, text: "Do something else." } }],
    ["the base commit", { baseSha: "e".repeat(40) }],
  ])("loses its approval with a change of %s", (_what, change) => {
    const task = approvedBy(passed({ tier: "medium" }), ["merge", "robin"]);
    expect(evaluateMergeGate(task).satisfied).toBe(true);
    expect(evaluateMergeGate({ ...task, ...change }).satisfied).toBe(false);
  });

  test("is not merged on an approval of its plan", () => {
    expect(evaluateMergeGate(approvedBy(passed({ tier: "medium" }), ["plan", "robin"])).satisfied).toBe(
      false,
    );
  });
});

describe("a high change", () => {
  const task = passed({ tier: "high" });

  test("needs the approvals of its plan and of its head commit", () => {
    expect(evaluateMergeGate(approvedBy(task, ["merge", "robin"])).satisfied).toBe(false);
    expect(evaluateMergeGate(approvedBy(task, ["plan", "robin"])).satisfied).toBe(false);
    expect(lines(evaluateMergeGate(approvedBy(task, ["plan", "robin"], ["merge", "robin"])))).toEqual([
      "yes merge gate: All of it is met.",
      expect.stringMatching(/^yes plan is approved: robin approved it \([0-9a-f]{7}\)\.$/),
      "yes checks are green: They are green on abc1234.",
      "yes approved by somebody else: robin approved abc1234.",
    ]);
  });

  test("is explained whole before anything is there", () => {
    expect(lines(evaluateMergeGate(exampleTask({ tier: "high" })))).toEqual([
      "no merge gate: 3 of 3 still missing.",
      "no plan is approved: There is no plan yet.",
      "no checks are green: Nothing has been pushed yet.",
      "no approved by somebody else: Nothing has been pushed yet.",
    ]);
  });
});
