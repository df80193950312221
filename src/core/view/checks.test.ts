import { describe, expect, test } from "vitest";
import {
  approvalOf,
  exampleAttempt,
  exampleStages,
  exampleTask,
  HEAD,
  run,
} from "../../../test/support/task/example-task.ts";
import { FAILURE } from "../../../test/support/task/candidate-commands.ts";
import type { Task } from "../task/state.ts";
import { MAX_SUMMARY, renderChecks } from "./checks.ts";

function shown(wanted: Partial<Task>): string[] {
  return renderChecks(exampleTask({ headSha: HEAD, begun: true, ...wanted })).map(
    ({ name, status, conclusion, title }) => `${name} ${conclusion ?? status}: ${title}`,
  );
}

describe("the checks show", () => {
  test("what runs and what waits", () => {
    const phase = { kind: "dispatched", attempt: exampleAttempt("implement", 2) } as const;
    expect(shown({ phase, stages: exampleStages({ implement: { state: "running", attempts: 2 } }) })).toEqual(
      [
        "baton/plan success: Passed",
        "baton/test success: Passed",
        "baton/implement in_progress: Implementing, attempt 2 of 4",
        "baton/verify queued: Waits for the stages before it",
        "baton/review queued: Waits for the stages before it",
        "baton/gate queued: Waits for the stages before it",
      ],
    );
  });

  test("a plan that waits for approval", () => {
    const phase = { kind: "gated", next: "test", digest: "d".repeat(64), since: "" } as const;
    expect(shown({ tier: "high", phase, stages: exampleStages({ test: { state: "waiting" } }) })).toEqual(
      expect.arrayContaining([
        "baton/test queued: Waits for approval of the plan",
        "baton/gate queued: Waits for approval of the plan",
      ]),
    );
  });

  test("a failure that is tried again as waiting", () => {
    const phase = { kind: "backing-off", stage: "implement", until: "" } as const;
    const stages = exampleStages({
      implement: { state: "waiting", attempts: 1, summary: "The tests fail." },
    });
    expect(shown({ phase, stages, lastFailure: FAILURE })).toContain(
      "baton/implement queued: Trying implement again soon",
    );
    const check = renderChecks(exampleTask({ phase, stages, lastFailure: FAILURE }))[2];
    expect(check?.summary).toMatchInlineSnapshot(`
      "The tests fail.

      - \`adds\`

      \`\`\`text
      not ok 1 - adds
      \`\`\`"
    `);
  });

  test("what a person has to mend as failed, and what they are asked as waiting", () => {
    const stages = exampleStages({ implement: { state: "failed", attempts: 4, summary: "The tests fail." } });
    const phase = { kind: "stuck", stage: "implement", detail: "It failed 4 times." } as const;
    expect(shown({ stages, phase: { ...phase, reason: "exhausted" } })).toContain(
      "baton/implement failure: The tests fail.",
    );
    expect(shown({ stages, phase: { ...phase, reason: "question" } })).toContain(
      "baton/implement queued: Waits for an answer",
    );
  });

  test("the gate as a tree, green once it is open", () => {
    const passed = exampleTask({ headSha: HEAD, stages: exampleStages({ review: { state: "passed" } }) });
    const phase = { kind: "reviewable", sha: HEAD, digest: "d".repeat(64), since: "", open: false } as const;
    const asked = { ...passed, phase };
    expect(shown(asked)).toContain("baton/gate queued: Waits for an approval");
    const approved = { ...asked, approvals: [approvalOf(asked, "merge", "robin")] };
    expect(shown(approved)).toContain("baton/gate success: Open");
    expect(shown({ ...approved, hold: { by: "sam", at: "" } })).toContain(
      "baton/gate queued: On hold by sam",
    );
    expect(renderChecks(approved).at(-1)?.summary).toMatchInlineSnapshot(`
      "- ✅ **merge gate**: All of it is met.
        - ✅ **checks are green**: They are green on abc1234.
        - ✅ **approved by somebody else**: robin approved abc1234.

      The tier is **medium**:

      - The policy makes every change medium."
    `);
  });

  test("how a task ended", () => {
    const stages = exampleStages({ verify: { state: "running" } });
    expect(shown({ stages, phase: { kind: "completed", mergeSha: HEAD, by: "sam" } })).toEqual(
      expect.arrayContaining([
        "baton/verify skipped: Merged before this stage passed",
        "baton/gate success: Merged",
      ]),
    );
    expect(shown({ stages, phase: { kind: "cancelled", by: "sam", why: "" } })).toEqual(
      expect.arrayContaining([
        "baton/plan success: Passed",
        "baton/verify cancelled: The task was cancelled",
      ]),
    );
  });
});

test("a check links to its run and keeps its id", () => {
  const [plan] = renderChecks(
    exampleTask({ stages: exampleStages({ plan: { state: "passed", run: run(3) } }) }),
  );
  expect(plan).toMatchObject({ externalId: "1-7-1:baton/plan", detailsUrl: "https://example.org/runs/3" });
});

test("titles are one short line that calls nobody, and summaries fit", () => {
  const summary = `Fixed for @robin, see #4\n${"x".repeat(500)}`;
  const failure = {
    ...FAILURE,
    logTail: "`".repeat(20_000),
    failingTests: Array.from({ length: 200 }, () => "`".repeat(500)),
  };
  const phase = { kind: "stuck", reason: "exhausted", stage: "plan", detail: "" } as const;
  const stages = exampleStages({ plan: { state: "failed", summary } });
  const [plan] = renderChecks(exampleTask({ stages, phase, lastFailure: failure }));
  expect(plan?.title).toMatch(/^Fixed for @\u200brobin, see #\u200b4 x{50,}…$/);
  expect(plan?.summary.length).toBeLessThanOrEqual(MAX_SUMMARY);
});
