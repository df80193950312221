import { expect, test } from "vitest";
import { approvalOf, exampleTask } from "../../../test/support/task/example-task.ts";
import { evaluatePlanGate } from "./evaluate-plan-gate.ts";

const task = exampleTask({ tier: "high", plan: { text: "Do it.", paths: [] } });

test.each(["low", "medium"] as const)("a %s change passes it without an approval", (tier) => {
  expect(evaluatePlanGate({ ...task, tier })).toMatchObject({
    satisfied: true,
    why: `A ${tier} change needs no approval of its plan.`,
  });
});

test("a high change passes it once somebody who did not ask for it approved the plan", () => {
  expect(evaluatePlanGate(task).satisfied).toBe(false);
  expect(evaluatePlanGate({ ...task, approvals: [approvalOf(task, "plan", "maya")] }).children[0]?.why).toBe(
    "Only maya, who asked for the work, approved it.",
  );
  expect(evaluatePlanGate({ ...task, approvals: [approvalOf(task, "plan", "robin")] }).satisfied).toBe(true);
});

test("an approval of another plan does not count", () => {
  const approved = { ...task, approvals: [approvalOf(task, "plan", "robin")] };
  expect(evaluatePlanGate({ ...approved, plan: { text: "Do more.", paths: [] } }).satisfied).toBe(false);
  expect(evaluatePlanGate({ ...approved, issue: { ...task.issue, body: "More." } }).satisfied).toBe(false);
});
