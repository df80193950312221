import { expect, test } from "vitest";
import { IMPLEMENTS, IMPLEMENTS_WRONGLY, WRITES_TESTS } from "../support/scenario/agent-script.ts";
import { useWorld } from "../support/scenario/open-world.ts";
import type { Scene } from "../support/scenario/scene.ts";

const world = useWorld();

test.concurrent(
  "a high change passes both gates, and its next attempt is told why the first one failed",
  async () => {
    const scene = await world.scene({
      policy: { tiers: { default: "medium", rules: [{ tier: "high", paths: ["src/**"] }] } },
      agent: { implement: [IMPLEMENTS_WRONGLY, IMPLEMENTS] },
    });
    await scene.label("maya");

    // Before Act: nothing but the plan has run, and nothing was pushed.
    const planned = await scene.until("blocked: approval");
    expect(planned).toMatchObject({ tier: "high", headSha: null });
    expect(scene.runs()).toHaveLength(1);
    expect(scene.labels()).toEqual(["baton:blocked"]);
    expect(await scene.ask("robin", "/approve")).toEqual({ reaction: "+1", line: null });

    await scene.untilTrue("a draft", () => scene.pulls()[0]?.draft === true);
    await scene.until("ready-for-review");
    await scene.untilTrue("no draft any more", () => scene.pulls()[0]?.draft === false);
    await scene.review("robin", "APPROVE");
    const task = await scene.until("completed");
    await scene.untilQuiet();

    const [first, second] = await scene.sessions("implement");
    expect(first?.briefing.failure).toBeNull();
    expect(second?.briefing).toMatchObject({ attemptNumber: 2, failure: { kind: "checks" } });
    expect(second?.briefing.failure?.logTail).toContain("doubles a number");
    expect(second?.briefing.failure?.diff).toContain("+export const double = (number) => number;");
    expect(second?.prompt).toContain("What went wrong last time");
    expect(second?.prompt).toContain("doubles a number");

    expect(scene.labels()).toEqual(["baton:completed"]);
    expect(scene.statusComments()).toEqual([expect.stringContaining("### Baton: done")]);
    expect(scene.ownComments()).toHaveLength(1);
    expect(scene.pulls()).toEqual([expect.objectContaining({ state: "closed", draft: false })]);
    expect(scene.issueState()).toBe("closed");
    expect(conclusions(scene, task.headSha)).toEqual({
      "baton/gate": "success",
      "baton/implement": "success",
      "baton/plan": "success",
      "baton/review": "success",
      "baton/test": "success",
      "baton/verify": "success",
    });
    await expectCommitsOfTheApp(scene);
    const history = await scene.expectSoundRecord();
    expect(scene.runs()).toHaveLength(5);
    expect(history.filter(({ event }) => event.type === "ApprovalGiven")).toHaveLength(2);
  },
  400_000,
);

test.concurrent(
  "a low change is merged by Baton as soon as it is green, without a person",
  async () => {
    const scene = await world.scene({ policy: { tiers: { default: "low" } } });
    await scene.label("maya");
    const task = await scene.until("completed");
    expect(task).toMatchObject({ tier: "low", approvals: [], phase: { by: "baton" } });
    await scene.untilQuiet();
    expect(scene.issueState()).toBe("closed");
    const { data } = await scene.as("maya").rest.repos.getContent({ ...scene.site, path: "src/double.mjs" });
    expect(data).toMatchObject({ type: "file" });
    await scene.expectSoundRecord();
  },
  400_000,
);

test.concurrent(
  "a medium change waits for a review, then for a person who merges where the policy leaves that to people",
  async () => {
    const scene = await world.scene({ policy: { merge: { automatic: false, method: "merge" } } });
    await scene.label("maya");
    await scene.until("ready-for-review");
    await scene.untilTrue("a headline", () =>
      (scene.statusComments()[0] ?? "").includes("### Baton: ready for review"),
    );

    await scene.review("robin", "APPROVE");
    await scene.untilEvent("GateOpened");
    await scene.untilQuiet();
    expect(scene.statusComments()[0]).toContain("### Baton: ready to merge");
    expect(scene.pulls()[0]).toMatchObject({ state: "open" });

    const number = scene.pulls()[0]?.number ?? 0;
    await scene.as("sam").rest.pulls.merge({ ...scene.site, pull_number: number });
    const task = await scene.until("completed");
    expect(task.phase).toMatchObject({ by: "sam" });
    await scene.untilQuiet();
    await scene.expectSoundRecord();
  },
  400_000,
);

function conclusions(scene: Scene, sha: string | null): Record<string, string | null> {
  const checks = [...scene.checks(sha ?? "")].toSorted();
  return Object.fromEntries(checks.map(([name, { conclusion }]) => [name, conclusion]));
}

async function expectCommitsOfTheApp(scene: Scene): Promise<void> {
  const pull_number = scene.pulls()[0]?.number ?? 0;
  const { data: commits } = await scene.as("maya").rest.pulls.listCommits({ ...scene.site, pull_number });
  expect(commits).toHaveLength(3);
  for (const { commit } of commits) {
    expect(commit.author?.name).toBe("baton[bot]");
    expect(commit.message).toMatch(/\nCo-authored-by: maya <\d+\+maya@users\.noreply\.github\.com>/);
  }
  const { data: files } = await scene.as("maya").rest.pulls.listFiles({ ...scene.site, pull_number });
  expect(files.map(({ filename }) => filename)).toEqual([
    "src/double.mjs",
    ...Object.keys(WRITES_TESTS.write ?? {}),
  ]);
  const { data: merged } = await scene.as("maya").rest.repos.getCommit({ ...scene.site, ref: "main" });
  expect(merged.commit.message).toMatch(/\nCo-authored-by: maya </);
}
