import { expect, test } from "vitest";
import { uninstallApp } from "../../src/forge/hub/setup/install-app.ts";
import { PLANS } from "../support/scenario/agent-script.ts";
import { forkOf } from "../support/scenario/fork-of.ts";
import { useWorld } from "../support/scenario/open-world.ts";
import type { Scene } from "../support/scenario/scene.ts";

const world = useWorld();
const LIMIT_MS = 600_000;
const WAITING = { ...PLANS, waits: "go" };

test.concurrent(
  "a closed issue ends the work; reopening it starts nothing",
  async () => {
    const scene = await world.scene({ agent: { plan: [WAITING] } });
    await scene.label("maya");
    await scene.untilTrue("an agent at work", async () => (await scene.sessions("plan")).length === 1);
    await setIssue(scene, { state: "closed", state_reason: "not_planned" });
    expect((await scene.until("cancelled")).phase).toMatchObject({ by: "maya" });
    await scene.untilTrue("a cancelled run", () => scene.runs()[0]?.conclusion === "cancelled");
    await setIssue(scene, { state: "open" });
    await scene.untilQuiet();
    expect(scene.runs()).toHaveLength(1);
    await scene.expectSoundRecord();
  },
  LIMIT_MS,
);

test.concurrent(
  "work goes on when the default branch is renamed",
  async () => {
    const scene = await world.scene({ policy: { tiers: { default: "high" } } });
    await scene.label("maya");
    await scene.until("blocked: approval");
    const sha = (await scene.task()).baseSha;
    await scene.as("maya").rest.git.createRef({ ...scene.site, ref: "refs/heads/trunk", sha });
    await scene.as("maya").rest.repos.update({ ...scene.site, default_branch: "trunk" });
    await scene.untilEvent("RepositoryChanged");
    expect(await scene.ask("robin", "/approve")).toEqual({ reaction: "+1", line: null });
    await scene.until("ready-for-review");
    expect(scene.pulls()[0]).toMatchObject({ base: { ref: "trunk" } });
    await scene.untilQuiet();
    await scene.expectSoundRecord();
  },
  LIMIT_MS,
);

test.concurrent(
  "a pull request from a fork moves no task, whatever it names its branch and whoever comments there",
  async () => {
    const scene = await world.scene({ policy: { tiers: { default: "high" } } });
    await scene.label("maya");
    await scene.until("blocked: approval");
    await scene.untilQuiet();
    const before = await scene.history();
    const fork = await forkOf(world.site(), scene, "casey");
    await fork.push({ "src/evil.mjs": "// evil\n" });
    const issue_number = await fork.openPull("Help");
    await scene.as("robin").rest.issues.createComment({ ...scene.site, issue_number, body: "/approve" });
    await scene.as("robin").rest.issues.addLabels({ ...scene.site, issue_number, labels: ["baton"] });
    await scene.untilQuiet();
    expect(await scene.history()).toEqual(before);
    expect(scene.runs()).toHaveLength(1);
    await scene.ask("maya", "/cancel");
  },
  LIMIT_MS,
);

test(
  "work ends when the App is uninstalled, without a trace left undone",
  async () => {
    const scene = await world.scene({ agent: { plan: [WAITING] } });
    await scene.label("maya");
    await scene.untilTrue("an agent at work", async () => (await scene.sessions("plan")).length === 1);
    const { forge, installation, people } = world.site();
    uninstallApp(forge.hub, { installation: installation(), by: people.maya });
    const { event } = await scene.untilEvent("TaskCancelled");
    expect(event).toMatchObject({ by: "maya", why: "the App's installation was deleted" });
    await scene.release("go");
    await scene.untilTrue("an ended run", () => scene.runs()[0]?.status === "completed");
    await scene.expectSoundRecord();
  },
  LIMIT_MS,
);

async function setIssue(
  scene: Scene,
  change: { readonly state: "open" | "closed"; readonly state_reason?: "not_planned" },
): Promise<void> {
  await scene.as("maya").rest.issues.update({ ...scene.site, issue_number: scene.issueNumber, ...change });
}
