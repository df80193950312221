import { describe, expect, test } from "vitest";
import { approvalOf, exampleTask, HEAD } from "../../../test/support/task/example-task.ts";
import { answerLine } from "./answer-line.ts";
import { mergeMessage } from "./merge-message.ts";
import { policyCheck } from "./policy-check.ts";
import { policyProblemComment } from "./policy-problem.ts";
import { pullRequestText } from "./pull-request-text.ts";

const hostile = { number: 7, title: "Fix it, closes #99 @robin\nnow", body: "", labels: [] };

describe("the pull request", () => {
  test("says what it closes and where the rest stands", () => {
    expect(pullRequestText(exampleTask())).toMatchInlineSnapshot(`
      {
        "body": "<!-- baton:pull:1-7-1 -->

      Closes #7

      Baton works on this for \`maya\`. The plan, the stages and what is waited for stand in its comment on #7; the checks here show the same for the head commit.

      A review that approves counts at the merge gate, one that requests changes sends the work back with your words.",
        "title": "Add a sum",
      }
    `);
  });

  test("closes no other issue and calls nobody by its title", () => {
    const { title } = pullRequestText(exampleTask({ issue: hostile }));
    expect(title).toBe("Fix it, closes #\u200b99 @\u200brobin now");
    expect(pullRequestText(exampleTask({ issue: { ...hostile, title: "\u200b" } })).title).toBe(
      "Work on issue 7",
    );
  });
});

describe("the merge commit", () => {
  test("names who asked, who approved, and the task", () => {
    const task = exampleTask({ headSha: HEAD, pull: { number: 8, url: "" } });
    const approvals = [approvalOf(task, "merge", "robin"), approvalOf(task, "plan", "robin")];
    const stale = { ...approvalOf(task, "merge", "sam"), digest: "e".repeat(64) };
    expect(mergeMessage({ ...task, approvals: [...approvals, stale] }, "7+maya@users.noreply.github.com"))
      .toMatchInlineSnapshot(`
      {
        "message": "Closes #7

      Approved-by: robin
      Baton-task: 1-7-1
      Co-authored-by: maya <7+maya@users.noreply.github.com>",
        "title": "Add a sum (#8)",
      }
    `);
  });

  test("closes no other issue by its title", () => {
    expect(mergeMessage(exampleTask({ issue: hostile }), "").title).toBe(
      "Fix it, closes #\u200b99 @\u200brobin now",
    );
  });
});

test("an answer is one line that calls nobody", () => {
  expect(answerLine({ message: '"@robin\n**x**" is not a command of Baton.' })).toBe(
    '"@\u200brobin \\*\\*x\\*\\*" is not a command of Baton.',
  );
});

describe("a policy that cannot be used", () => {
  const problem = {
    line: 4,
    column: 3,
    message: '"atempts" is not a key of retry.',
    remedy: 'Did you mean "attempts"?',
  };

  test("is told on the issue in words for each case", () => {
    const comment = (read: Parameters<typeof policyProblemComment>[1]) =>
      policyProblemComment("<!-- m -->", read);
    expect([
      comment({ kind: "absent" }),
      comment({ kind: "unreadable", why: "it is a directory." }),
      comment({ kind: "invalid", problems: [problem] }),
    ]).toMatchInlineSnapshot(`
      [
        "<!-- m -->
      **Baton did not start.** The repository has no \`.github/baton.yml\`; \`baton init\` writes one.

      Put the label on again once that is mended.",
        "<!-- m -->
      **Baton did not start.** \`.github/baton.yml\` could not be read: it is a directory.

      Put the label on again once that is mended.",
        "<!-- m -->
      **Baton did not start.** \`.github/baton.yml\` is not valid:

      - line 4, column 3: "atempts" is not a key of retry. Did you mean "attempts"?

      Put the label on again once that is mended.",
      ]
    `);
  });

  test("is shown as a check with each problem on its line", () => {
    expect(policyCheck({ kind: "invalid", problems: [problem] })).toMatchObject({
      name: "baton/policy",
      status: "completed",
      conclusion: "failure",
      title: "The policy has a problem",
      annotations: [
        {
          path: ".github/baton.yml",
          line: 4,
          message: '"atempts" is not a key of retry. Did you mean "attempts"?',
        },
      ],
    });
    expect(
      policyCheck({ kind: "invalid", problems: Array.from({ length: 80 }, () => problem) }),
    ).toMatchObject({
      title: "The policy has 80 problems",
      annotations: expect.objectContaining({ length: 50 }) as unknown,
    });
    expect(policyCheck({ kind: "absent" }).conclusion).toBe("neutral");
    expect(policyCheck({ kind: "unreadable", why: "x" }).conclusion).toBe("failure");
    expect(policyCheck({ kind: "valid" }).conclusion).toBe("success");
  });
});
