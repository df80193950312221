import { describe, expect, test } from "vitest";
import {
  exampleAttempt,
  exampleStages,
  exampleTask,
  HEAD,
  run,
} from "../../../test/support/task/example-task.ts";
import { approvalOf } from "../../../test/support/task/example-task.ts";
import { samplePolicy } from "../../../test/support/task/sample-policy.ts";
import type { LeaseId } from "../../base/ids.ts";
import { approvalDigest } from "../task/approval-digest.ts";
import type { Failure, Task } from "../task/state.ts";
import { MAX_COMMENT, statusComment, statusMarker } from "./status-comment.ts";

const PLAN = {
  text: "Add `sum` to the public API.\n\n1. Test it.\n2. Write it.",
  paths: ["src/sum.js", "test/**"],
};
const FAILURE: Failure = {
  kind: "checks",
  summary: "2 tests failed.",
  failingTests: ["sum adds two numbers", "sum takes `NaN`"],
  logTail: "not ok 1 - sum adds two numbers\n\u001b[31mexpected 3, got 4\u001b[0m\n",
  diff: "",
};
const PULL = { number: 8, url: "https://example.org/pull/8" };

function comment(task: Task): string {
  return statusComment(task, { appSlug: "baton-app" });
}

describe("the status comment shows a maintainer", () => {
  test("that work is about to start", () => {
    expect(comment(exampleTask())).toMatchInlineSnapshot(`
      "<!-- baton:status:1-7-1 -->

      ### Baton: about to start the plan stage

      \`pending\`

      | Stage | State | Attempts | Run |
      | --- | --- | --- | --- |
      | plan | waiting |  |  |
      | test | waiting |  |  |
      | implement | waiting |  |  |
      | verify | waiting |  |  |
      | review | waiting |  |  |

      <sub>tier medium (The policy makes every change medium.) · asked for by \`maya\` · branch \`baton/7-add-a-sum\` · \`/help\` or \`@baton-app help\` lists the commands</sub>"
    `);
  });

  test("that an agent is at work on its second attempt", () => {
    const attempt = exampleAttempt("implement", 2);
    const task = exampleTask({
      plan: PLAN,
      lastFailure: FAILURE,
      retrying: true,
      begun: true,
      headSha: HEAD,
      pull: PULL,
      stages: exampleStages({ implement: { state: "running", attempts: 2, run: run(9) } }),
      phase: {
        kind: "leased",
        attempt,
        lease: { id: "L" as LeaseId, runId: 9, grantedAt: "2026-11-20T14:03:10.000Z" },
      },
    });
    expect(comment(task)).toMatchInlineSnapshot(`
      "<!-- baton:status:1-7-1 -->

      ### Baton: implementing, attempt 2 of 4

      \`retrying\` · At work since 2026-11-20 14:03 UTC.

      | Stage | State | Attempts | Run |
      | --- | --- | --- | --- |
      | plan | ✅ passed | 1 | [run](https://example.org/runs/1) |
      | test | ✅ passed | 1 | [run](https://example.org/runs/2) |
      | implement | ⏳ running | 2 | [run](https://example.org/runs/9) |
      | verify | waiting |  |  |
      | review | waiting |  |  |

      <details><summary>Plan</summary>

      > Add \`sum\` to the public API.
      >
      > 1. Test it.
      > 2. Write it.

      It means to change \`src/sum.js\`, \`test/**\`.

      </details>

      <details><summary>Last failure</summary>

      2 tests failed.

      - \`sum adds two numbers\`
      - \`\` sum takes \`NaN\` \`\`

      \`\`\`text
      not ok 1 - sum adds two numbers
      expected 3, got 4
      \`\`\`

      </details>

      <sub>tier medium (The policy makes every change medium.) · asked for by \`maya\` · branch \`baton/7-add-a-sum\` · pull request #8 · \`/help\` or \`@baton-app help\` lists the commands</sub>"
    `);
  });

  test("that a plan waits for their approval, and what it covers", () => {
    const opened = exampleTask({
      tier: "high",
      tierReasons: ["src/auth/a.js falls under src/auth/**, which is high."],
      plan: PLAN,
      begun: true,
      stages: exampleStages({ test: { state: "waiting" } }),
    });
    const digest = approvalDigest(opened, "plan");
    const task: Task = {
      ...opened,
      phase: { kind: "gated", next: "test", digest, since: "2026-11-20T14:05:00.000Z" },
    };
    expect(comment(task).replaceAll(digest, "<digest>").replaceAll(digest.slice(0, 7), "<short>"))
      .toMatchInlineSnapshot(`
        "<!-- baton:status:1-7-1 -->

        ### Baton: the plan waits for approval

        \`blocked, approval\` · The tier is high, so nothing is changed before somebody other than \`maya\` with the write role approves the plan below.

        - \`/approve <short>\` approves it.
        - \`/retry plan -- what should be different\` asks for another plan; \`/cancel\` ends the task.

        | Stage | State | Attempts | Run |
        | --- | --- | --- | --- |
        | plan | ✅ passed | 1 | [run](https://example.org/runs/1) |
        | test | ✋ waits for approval of the plan |  |  |
        | implement | waiting |  |  |
        | verify | waiting |  |  |
        | review | waiting |  |  |

        **The plan**

        > Add \`sum\` to the public API.
        >
        > 1. Test it.
        > 2. Write it.

        It means to change \`src/sum.js\`, \`test/**\`.

        <details><summary>What <code>/approve <short></code> covers</summary>

        \`<digest>\`

        A change of any of these voids it: issue title, issue body, plan, policy, base commit, harness, path scope.

        </details>

        <sub>tier high (src/auth/a.js falls under src/auth/\\*\\*, which is high.) · asked for by \`maya\` · branch \`baton/7-add-a-sum\` · \`/help\` or \`@baton-app help\` lists the commands</sub>"
      `);
  });

  test("that another attempt follows a failure", () => {
    const task = exampleTask({
      plan: PLAN,
      lastFailure: FAILURE,
      retrying: true,
      begun: true,
      stages: exampleStages({
        implement: { state: "waiting", attempts: 1, run: run(3), summary: "2 tests failed." },
      }),
      phase: { kind: "backing-off", stage: "implement", until: "2026-11-20T14:10:30.000Z" },
    });
    expect(comment(task).split("\n\n").slice(1, 4).join("\n\n")).toMatchInlineSnapshot(`
      "### Baton: trying implement again soon

      \`failed\` · 2 tests failed. The next attempt starts at 2026-11-20 14:10 UTC and is told what went wrong.

      - \`/retry implement -- guidance\` starts it now, with your words for the agent."
    `);
  });

  test("that the model's provider is waited for", () => {
    const task = exampleTask({
      plan: PLAN,
      begun: true,
      stages: exampleStages({ implement: { state: "waiting", attempts: 0, run: run(3) } }),
      phase: {
        kind: "backing-off",
        stage: "implement",
        until: "2026-11-20T14:10:30.000Z",
        outage: "Overloaded (529).",
      },
    });
    expect(comment(task).split("\n\n").slice(1, 4).join("\n\n")).toMatchInlineSnapshot(`
      "### Baton: the implement stage waits for the model's provider

      \`retrying\` · The model's provider did not answer: Overloaded (529). The next try starts at 2026-11-20 14:10 UTC and goes on with what was done; it takes nothing from the stage's retries.

      - \`/retry implement\` starts it now; \`/cancel\` ends the task."
    `);
  });

  test("that the work needs them after all retries", () => {
    const task = exampleTask({
      lastFailure: FAILURE,
      headSha: HEAD,
      begun: true,
      stages: exampleStages({
        implement: { state: "failed", attempts: 4, run: run(6), summary: "2 tests failed." },
      }),
      phase: { kind: "stuck", reason: "exhausted", stage: "implement", detail: "implement failed 4 times." },
    });
    expect(comment(task).split("\n\n").slice(0, 4).join("\n\n")).toMatchInlineSnapshot(`
      "<!-- baton:status:1-7-1 -->

      ### Baton: the implement stage needs a person

      \`blocked, exhausted\` · implement failed 4 times.

      - \`/retry implement -- guidance\` tries again with your words for the agent.
      - A push to \`baton/7-add-a-sum\` is verified like the agent's work.
      - \`/cancel\` ends the task."
    `);
  });

  test("that an attempt used up its budget", () => {
    const detail = "The attempt's budget of $0.50 is used up, with $0.53 spent.";
    const task = exampleTask({
      begun: true,
      stages: exampleStages({ implement: { state: "failed", attempts: 1, run: run(6), summary: detail } }),
      phase: { kind: "stuck", reason: "budget", stage: "implement", detail },
    });
    expect(comment(task).split("\n\n").slice(1, 4).join("\n\n")).toMatchInlineSnapshot(`
      "### Baton: the implement stage has used up its budget

      \`blocked, budget\` · The attempt's budget of \\$0.50 is used up, with \\$0.53 spent.

      - \`/retry implement\` goes on with what was done, and may spend as much again as the policy says by then. \`/cancel\` ends the task."
    `);
  });

  test("a stage that stopped in the middle, without saying that it runs", () => {
    const detail = "No check has run on the commit.";
    const task = exampleTask({
      begun: true,
      stages: exampleStages({ verify: { state: "running", attempts: 1 } }),
      phase: { kind: "stuck", reason: "policy", stage: "verify", detail },
    });
    expect(comment(task)).toContain("| verify | ✋ waits for a person | 1 |  |");
  });

  test("what the agent asks", () => {
    const task = exampleTask({
      begun: true,
      stages: exampleStages({ plan: { state: "failed", attempts: 1, run: run(1), summary: "It asks." } }),
      phase: {
        kind: "stuck",
        reason: "question",
        stage: "plan",
        detail: "Which one?\n\n- `sum`, as @robin wrote\n- `add`</details>",
      },
    });
    expect(comment(task).split("\n\n").slice(0, 6).join("\n\n")).toMatchInlineSnapshot(`
      "<!-- baton:status:1-7-1 -->

      ### Baton: the plan stage asks something

      \`blocked, question\`

      > Which one?
      >
      > - \`sum\`, as @​robin wrote
      > - \`add\`&lt;/details>

      - \`/retry plan -- your answer\` goes on with it. \`/cancel\` ends the task.

      | Stage | State | Attempts | Run |
      | --- | --- | --- | --- |
      | plan | ✋ waits for an answer | 1 | [run](https://example.org/runs/1) |
      | test | waiting |  |  |
      | implement | waiting |  |  |
      | verify | waiting |  |  |
      | review | waiting |  |  |"
    `);
  });

  test("that the work waits for a review, with the gate explained", () => {
    const reviewable = exampleTask({
      plan: PLAN,
      headSha: HEAD,
      pull: PULL,
      begun: true,
      lastFailure: FAILURE,
      stages: exampleStages({
        review: { state: "passed", attempts: 1, run: run(5), summary: "It does what was asked." },
      }),
    });
    const digest = approvalDigest(reviewable, "merge");
    const phase = {
      kind: "reviewable",
      sha: HEAD,
      digest,
      since: "2026-11-20T14:20:00.000Z",
      open: false,
    } as const;
    expect(
      comment({ ...reviewable, phase })
        .replaceAll(digest, "<digest>")
        .replaceAll(digest.slice(0, 7), "<short>"),
    ).toMatchInlineSnapshot(`
      "<!-- baton:status:1-7-1 -->

      ### Baton: ready for review

      \`ready-for-review\` · All stages have passed on \`abc1234\`; it waits for the approval of somebody other than \`maya\` with the write role.

      - Approve #8 in a review, or comment \`/approve <short>\`.
      - Request changes in a review to send it back with what you want; \`/cancel\` ends the task.

      | Stage | State | Attempts | Run |
      | --- | --- | --- | --- |
      | plan | ✅ passed | 1 | [run](https://example.org/runs/1) |
      | test | ✅ passed | 1 | [run](https://example.org/runs/2) |
      | implement | ✅ passed | 1 | [run](https://example.org/runs/3) |
      | verify | ✅ passed | 1 | [run](https://example.org/runs/4) |
      | review | ✅ It does what was asked. | 1 | [run](https://example.org/runs/5) |

      <details><summary>Plan</summary>

      > Add \`sum\` to the public API.
      >
      > 1. Test it.
      > 2. Write it.

      It means to change \`src/sum.js\`, \`test/**\`.

      </details>

      - ⬜ **merge gate**: 1 of 2 still missing.
        - ✅ **checks are green**: They are green on abc1234.
        - ⬜ **approved by somebody else**: Nobody has approved abc1234 yet.

      <details><summary>What <code>/approve <short></code> covers</summary>

      \`<digest>\`

      A change of any of these voids it: issue title, issue body, plan, policy, base commit, harness, path scope, head commit.

      </details>

      <sub>tier medium (The policy makes every change medium.) · asked for by \`maya\` · branch \`baton/7-add-a-sum\` · pull request #8 · \`/help\` or \`@baton-app help\` lists the commands</sub>"
    `);
  });

  test("in a few words how any other task stands", () => {
    const open = { kind: "reviewable", sha: HEAD, digest: "d".repeat(64), since: "", open: true } as const;
    const verifying = {
      kind: "verifying",
      sha: HEAD,
      since: "",
      settling: null,
      verifyRun: null,
      lostVerifyRuns: 0,
    } as const;
    const byHand = samplePolicy({ merge: { automatic: false, method: "squash" } });
    const workflow = "The workflow is missing: add it.";
    const wanted: readonly Partial<Task>[] = [
      { hold: { by: "sam", at: "2026-11-20T14:20:00.000Z" } },
      { phase: verifying },
      { phase: { ...verifying, settling: { names: ["ci"], since: "" } } },
      { phase: { kind: "stuck", reason: "policy", stage: "plan", detail: workflow } },
      { phase: open, policy: byHand },
      { phase: open },
      { phase: open, mergeRefusal: "The branches conflict in src/*.js." },
      { phase: { kind: "merging", sha: HEAD, digest: "d".repeat(64), since: "" } },
      { phase: { kind: "completed", mergeSha: "8".repeat(40), by: "robin" } },
      { phase: { kind: "cancelled", by: "robin", why: "see @sam in #4" } },
    ];
    const heads = wanted.map((part) => {
      const [head = ""] = comment(exampleTask({ headSha: HEAD, pull: PULL, begun: true, ...part })).split(
        "\n\n| Stage",
      );
      return head.split("\n\n").slice(1).join("\n");
    });
    expect(heads.join("\n\n")).toMatchInlineSnapshot(`
      "### Baton: on hold
      \`blocked, hold\` · \`sam\` holds it since 2026-11-20 14:20 UTC.
      - Whoever has the write role can let it go on with \`/resume\`, or end it with \`/cancel\`.

      ### Baton: checks are running
      \`testing\` · On \`abc1234\`.

      ### Baton: checks are green
      \`testing\` · On \`abc1234\`; waiting a moment for others that may still come.

      ### Baton: the plan stage cannot go on
      \`blocked, policy\` · The workflow is missing: add it.
      - \`/retry plan\` tries again once that is mended. \`/cancel\` ends the task.

      ### Baton: ready to merge
      \`ready-for-review\` · The merge gate is open, and the policy leaves the merge to a person.
      - Merge #8.

      ### Baton: about to be merged
      \`ready-for-review\` · The merge gate is open.

      ### Baton: GitHub refused the merge
      \`ready-for-review\` · The branches conflict in src/\\*.js.
      - Merge #8 once that is mended, or \`/retry implement -- guidance\` to change the work.

      ### Baton: merging
      \`ready-for-review\` · Merging \`abc1234\`.

      ### Baton: done
      \`completed\` · Merged as \`8888888\` by \`robin\`.

      ### Baton: cancelled
      \`cancelled\` · \`robin\` cancelled it: see @​sam in #​4
      - Put the label \`baton\` on the issue to start anew."
    `);
  });
});

test("every task has its own marker, once and at the start", () => {
  const task = exampleTask({ plan: { text: `Copy ${statusMarker(exampleTask().id)} here.`, paths: [] } });
  const text = comment(task);
  expect(text.startsWith(statusMarker(task.id))).toBe(true);
  expect(text.split(statusMarker(task.id))).toHaveLength(2);
});

test("showing the same state again gives the same text", () => {
  const task = exampleTask({ approvals: [approvalOf(exampleTask(), "plan", "robin")] });
  expect(comment(structuredClone(task))).toBe(comment(task));
});

test("stays within GitHub's limit, with all of its ends closed, however much there is to tell", () => {
  const line = "`<b>@all</b>` ![x](http://example.org) | ".repeat(4);
  const task = exampleTask({
    requester: "r".repeat(39),
    tierReasons: [line.repeat(50)],
    plan: { text: `${line}\n`.repeat(400), paths: Array.from({ length: 200 }, () => "**/*`".repeat(100)) },
    lastFailure: {
      ...FAILURE,
      failingTests: Array.from({ length: 200 }, () => line.repeat(3)),
      logTail: line.repeat(120),
    },
    stages: exampleStages({ implement: { state: "failed", attempts: 4, summary: line.repeat(50) } }),
    phase: { kind: "stuck", reason: "question", stage: "implement", detail: `${line}\n`.repeat(60) },
  });
  const text = comment(task);
  expect(text.length).toBeLessThan(MAX_COMMENT);
  expect(text.match(/<details>/g)).toHaveLength(text.match(/<\/details>/g)?.length ?? 0);
  expect(text).toContain("</sub>");
});
