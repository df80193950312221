import { expect, test } from "vitest";
import { IMPLEMENTS } from "../support/scenario/agent-script.ts";
import { useWorld } from "../support/scenario/open-world.ts";

const world = useWorld();
const LIMIT_MS = 900_000;

test(
  "what people change on work that is ready is shown again or verified again, never taken as approved",
  async () => {
    const scene = await world.scene({ policy: { merge: { automatic: false } } });
    await scene.label("maya");
    const ready = await scene.until("ready-for-review");
    await scene.untilQuiet();
    const { branch } = ready;

    // What Baton shows comes back when somebody takes it away.
    await scene.as("sam").rest.issues.removeLabel({
      ...scene.site,
      issue_number: scene.issueNumber,
      name: "baton:ready-for-review",
    });
    await scene.untilTrue("the label again", () => scene.labels().includes("baton:ready-for-review"));
    const status = scene.comments().find(({ body }) => body.startsWith("<!-- baton:status:"));
    await scene
      .as("maya")
      .rest.issues.updateComment({ ...scene.site, comment_id: status?.id ?? 0, body: "Nothing here." });
    await scene.untilTrue("the status again", () => scene.statusComments().length === 1);

    // A yes is to a commit: a person's push voids it, and is verified and reviewed like the agent's work.
    await scene.review("robin", "APPROVE");
    const pushed = await scene.push("sam", { "src/more.mjs": "export const more = 1;\n" }, branch);
    await scene.untilTrue("the pushed head verified", async () => {
      const task = await scene.task();
      return task.headSha === pushed && ["reviewable", "completed"].includes(task.phase.kind);
    });
    expect((await scene.task()).phase.kind).toBe("reviewable");
    expect((await scene.task()).approvals).toEqual([]);

    // Re-run on a check is a /retry of its stage.
    await scene.untilTrue(
      "a review shown",
      () => scene.checks(pushed).get("baton/review")?.status === "completed",
    );
    const check = scene.checks(pushed).get("baton/review");
    await scene.as("robin").rest.checks.rerequestRun({ ...scene.site, check_run_id: check?.id ?? 0 });
    await scene.untilTrue("another review", async () => (await scene.sessions("review")).length === 3);
    await scene.until("ready-for-review");
    await scene.untilQuiet();
    await scene.expectSoundRecord();
  },
  LIMIT_MS,
);

test(
  "a merge that GitHub refuses says why where people look, and closing the pull request ends the work",
  async () => {
    const scene = await world.scene({
      policy: { tiers: { default: "low" } },
      agent: { implement: [{ ...IMPLEMENTS, waits: "go" }] },
    });
    await scene.label("maya");
    await scene.untilTrue("a developer", async () => (await scene.sessions("implement")).length === 1);
    await scene.push("maya", { "src/double.mjs": "export const double = null;\n" });
    await scene.release("go");
    const refused = await scene.untilEvent("MergeRefused");
    expect(refused.event).toMatchObject({ why: expect.stringMatching(/conflict|mergeable/i) as string });
    await scene.untilTrue("a headline", () =>
      (scene.statusComments()[0] ?? "").includes("### Baton: GitHub refused the merge"),
    );

    const pull_number = scene.pulls()[0]?.number ?? 0;
    await scene.as("maya").rest.pulls.update({ ...scene.site, pull_number, state: "closed" });
    expect((await scene.until("cancelled")).phase).toMatchObject({
      why: "the pull request was closed",
      by: "maya",
    });
    await scene.untilQuiet();
    await scene.expectSoundRecord();
  },
  LIMIT_MS,
);

test(
  "a person's push and a deleted branch stop the agent; /retry test begins again from the base",
  async () => {
    const scene = await world.scene({
      policy: { tiers: { default: "low" } },
      agent: {
        implement: [{ ...IMPLEMENTS, waits: "never" }, { ...IMPLEMENTS, waits: "never" }, IMPLEMENTS],
      },
    });
    await scene.label("maya");
    await scene.untilTrue("a developer", async () => (await scene.sessions("implement")).length === 1);
    const { branch, baseSha } = await scene.task();
    await scene.untilTrue("a draft", () => scene.pulls().length === 1);

    const ref = `heads/${branch}`;
    const tests = await scene.push("sam", { "test/more.test.mjs": "// more\n" }, branch);
    await scene.untilTrue("another developer", async () => (await scene.sessions("implement")).length === 2);
    expect((await scene.sessions("implement"))[1]?.briefing.headSha).toBe(tests);
    expect(baseSha).not.toBe(tests);

    await scene.as("sam").rest.git.deleteRef({ ...scene.site, ref });
    const stuck = await scene.until("blocked: question");
    expect(stuck.phase).toMatchObject({
      detail: expect.stringContaining("@sam") as string,
    });
    expect(await scene.ask("robin", "/retry test")).toEqual({ reaction: "rocket", line: null });
    const done = await scene.until("completed");
    // The pull request closed with its branch; the new branch has one of its own.
    expect(scene.pulls().map(({ merged }) => merged)).toEqual([false, true]);
    expect(done.pull?.number).toBe(scene.pulls()[1]?.number);
    await scene.untilQuiet();
    await scene.expectSoundRecord();
  },
  LIMIT_MS,
);
