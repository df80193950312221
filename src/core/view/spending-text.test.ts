import { expect, test } from "vitest";
import { exampleAttempt, exampleStages, exampleTask } from "../../../test/support/task/example-task.ts";
import type { Spending } from "../task/state.ts";
import { renderChecks } from "./checks.ts";
import { costOf, spendingTable, sumOf } from "./spending-text.ts";
import { statusComment } from "./status-comment.ts";

function spent(change: Partial<Spending> = {}): Spending {
  return {
    attempt: exampleAttempt("plan").id,
    stage: "plan",
    number: 1,
    model: "example-model-1",
    inputTokens: 1_234_567,
    cacheReadTokens: 1_000_000,
    cacheWriteTokens: 100_000,
    outputTokens: 8_901,
    costMicroUsd: 1_234_550,
    unpriced: null,
    reportedMicroUsd: null,
    ...change,
  };
}

const UNKNOWN = { costMicroUsd: null, unpriced: 'The price table has no model "new*model".' };

test("the table has a row for each attempt, and says why a cost is not known", () => {
  const second = spent({ number: 2, model: null, reportedMicroUsd: 20_000, ...UNKNOWN });
  expect(spendingTable([spent(), second])).toMatchInlineSnapshot(`
    "| Stage | Attempt | Model | Input | Output | Cost |
    | --- | --- | --- | --- | --- | --- |
    | plan | 1 | \`example-model-1\` | 1,234,567 (1,000,000 from a cache) | 8,901 | $1.2346 |
    | plan | 2 |  | 1,234,567 (1,000,000 from a cache) | 8,901 | unknown ($0.0200 by the agent's program) |

    The price table has no model "new\\*model"."
  `);
});

test.each<[string, Spending[], string]>([
  ["nothing unknown", [spent(), spent()], "$2.4691, for 2,469,134 tokens in and 17,802 out"],
  [
    "one unknown",
    [spent(), spent(UNKNOWN)],
    "$1.2346 and what one attempt cost, for 2,469,134 tokens in and 17,802 out",
  ],
  ["all unknown", [spent(UNKNOWN)], "unknown, for 1,234,567 tokens in and 8,901 out"],
  [
    "nothing used",
    [spent({ costMicroUsd: 0, inputTokens: 0, outputTokens: 0 })],
    "$0.0000, for 0 tokens in and 0 out",
  ],
])("the sum of attempts with %s", (_what, spending, sum) => {
  expect(sumOf(spending)).toBe(sum);
});

test("the program's own figure stands beside ours where it differs", () => {
  expect(costOf(spent({ reportedMicroUsd: 1_234_550 }))).toBe("$1.2346");
  expect(costOf(spent({ reportedMicroUsd: 2_000_049 }))).toBe("$1.2346 ($2.0000 by the agent's program)");
});

test("the status comment has all attempts, and each stage's check its own", () => {
  const spending = [spent(), spent({ stage: "implement", costMicroUsd: 1_000_000 })];
  const task = exampleTask({
    spending,
    stages: exampleStages({ implement: { state: "running", attempts: 1 } }),
  });
  expect(statusComment(task, { appSlug: "baton" })).toContain("<summary>Cost: $2.2346, for ");
  const summaries = new Map(renderChecks(task).map(({ name, summary }) => [name, summary]));
  expect(summaries.get("baton/implement")).toContain("Cost: $1.0000, for ");
  expect(summaries.get("baton/plan")).toContain("Cost: $1.2346, for ");
  expect(summaries.get("baton/review")).not.toContain("Cost");
});
