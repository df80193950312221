import { expect, test } from "vitest";
import { PLANS, WRITES_TESTS } from "../support/scenario/agent-script.ts";
import { forkOf } from "../support/scenario/fork-of.ts";
import { useWorld } from "../support/scenario/open-world.ts";
import { policyText, type Scene } from "../support/scenario/scene.ts";

const world = useWorld();
const POLICY = ".github/baton.yml";
const LIMIT_MS = 600_000;

test.concurrent(
  "an invalid policy is told with line and remedy; once it is mended, the label starts work",
  async () => {
    const scene = await world.scene({ policy: "version: 1\nharness:\n  use: comand\n" });
    await scene.label("maya");
    await scene.untilTrue("an answer", () => scene.ownComments().length === 1);
    await scene.untilQuiet();
    expect(scene.labels()).toEqual([]);
    expect(scene.ownComments()[0]).toMatch(/line 3/i);
    expect(scene.runs()).toEqual([]);
    expect(await policyCheck(scene, "main")).toMatchObject({
      conclusion: "failure",
      output: {
        summary: expect.stringMatching(/line 3/i) as string,
        annotations: [{ path: POLICY, startLine: 3 }],
      },
    });

    const mended = await scene.push("maya", { [POLICY]: policyText({ tiers: { default: "high" } }) });
    await scene.untilTrue(
      "a green check",
      () => scene.checks(mended).get("baton/policy")?.conclusion === "success",
    );
    await scene.label("maya");
    await scene.until("blocked: approval");
    await scene.untilQuiet();
    await scene.expectSoundRecord();
  },
  LIMIT_MS,
);

test.concurrent(
  "a missing policy and an unreadable one are different answers",
  async () => {
    const missing = await world.scene({ policy: null });
    const unreadable = await world.scene({ policy: null, files: { [`${POLICY}/README.md`]: "A folder.\n" } });
    await missing.label("maya");
    await unreadable.label("maya");
    await missing.untilTrue("an answer", () => missing.ownComments().length === 1);
    await unreadable.untilTrue("an answer", () => unreadable.ownComments().length === 1);
    expect(missing.ownComments()[0]).toContain("baton init");
    expect(unreadable.ownComments()[0]).toContain("is a directory");
    await missing.untilTrue("no label", () => missing.labels().length === 0);
    await unreadable.untilTrue("no label", () => unreadable.labels().length === 0);

    // Asked again, it answers in the same place.
    await missing.label("maya");
    await missing.untilTrue("no label", () => missing.labels().length === 0);
    await missing.untilQuiet();
    expect(missing.ownComments()).toHaveLength(1);
  },
  LIMIT_MS,
);

test.concurrent(
  "a pull request that changes the policy gets a check of what it would be, also from a fork, and governs nothing",
  async () => {
    const scene = await world.scene({ policy: { tiers: { default: "high" } } });
    const maya = scene.as("maya");
    await maya.rest.git.createRef({
      ...scene.site,
      ref: "refs/heads/looser",
      sha: await headOf(scene, "main"),
    });
    const sha = await scene.push("maya", { [POLICY]: "version: 1\nharnes: {}\n" }, "looser");
    await maya.rest.pulls.create({ ...scene.site, title: "Loosen", head: "looser", base: "main" });
    await scene.untilTrue(
      "a red check",
      () => scene.checks(sha).get("baton/policy")?.conclusion === "failure",
    );

    const fork = await forkOf(world.site(), scene, "casey");
    const foreign = await fork.push({ [POLICY]: policyText({ tiers: { default: "low" } }) });
    await fork.openPull("Loosen from outside");
    await scene.untilTrue("a check on the fork's commit", () => scene.checks(foreign).has("baton/policy"));

    await scene.label("maya");
    expect((await scene.until("blocked: approval")).tier).toBe("high");
    await scene.ask("maya", "/cancel");
    await scene.until("cancelled");
  },
  LIMIT_MS,
);

test.concurrent(
  "an approval falls with what it covered, first the issue's body, then the policy, and says so",
  async () => {
    const scene = await world.scene({
      policy: { tiers: { default: "high" } },
      agent: { plan: [PLANS], test: [{ ...WRITES_TESTS, waits: "never" }] },
    });
    await scene.label("maya");
    await scene.until("blocked: approval");
    await scene.ask("robin", "/approve");
    await scene.untilTrue("a tester", async () => (await scene.sessions("test")).length === 1);

    await scene.as("maya").rest.issues.update({
      ...scene.site,
      issue_number: scene.issueNumber,
      body: "`double(21)` should be 42, and `double(0)` 0.",
    });
    const first = await scene.untilEvent("ApprovalVoided");
    expect(first.event).toMatchObject({ gate: "plan", by: "robin", changed: ["issue body"] });
    await scene.until("blocked: approval");
    await scene.untilTrue("a cancelled run", () => scene.runs().at(-1)?.conclusion === "cancelled");

    await scene.ask("robin", "/approve");
    await scene.untilTrue("another tester", async () => (await scene.sessions("test")).length === 2);
    await scene.push("maya", { [POLICY]: policyText({ tiers: { default: "high" }, bots: ["helper"] }) });
    const second = await scene.untilEvent("ApprovalVoided", 2);
    expect(second.event).toMatchObject({ gate: "plan", by: "robin", changed: ["policy"] });
    await scene.until("blocked: approval");

    // An invalid policy on the base branch changes nothing but its check.
    const before = await scene.history();
    const broken = await scene.push("maya", { [POLICY]: "version: 2\n" });
    await scene.untilTrue(
      "a red check",
      () => scene.checks(broken).get("baton/policy")?.conclusion === "failure",
    );
    await scene.untilQuiet();
    expect(await scene.history()).toEqual(before);
    await scene.expectSoundRecord();
  },
  LIMIT_MS,
);

test.concurrent(
  "a quick green status does not open the way before slower checks had time to appear",
  async () => {
    const scene = await world.scene({
      checks: false,
      policy: { tiers: { default: "low" }, verify: { settle: "10m" }, retry: { attempts: 0 } },
    });
    await scene.label("maya");
    await scene.untilEvent("VerificationStarted");
    const { headSha } = await scene.task();
    const status = { ...scene.site, sha: headSha ?? "" };
    const { repos } = scene.as("robin").rest;
    await repos.createCommitStatus({ ...status, context: "lint", state: "success" });
    await scene.untilEvent("ChecksSeen");
    expect((await scene.task()).phase).toMatchObject({ kind: "verifying", settling: { names: ["lint"] } });

    await repos.createCommitStatus({ ...status, context: "slow tests", state: "failure" });
    const failed = await scene.untilEvent("StageFailed");
    expect(failed.event).toMatchObject({ stage: "verify", failure: { summary: "slow tests is red." } });
    await scene.expectSoundRecord();
  },
  LIMIT_MS,
);

async function headOf(scene: Scene, branch: string): Promise<string> {
  const { data } = await scene.as("maya").rest.git.getRef({ ...scene.site, ref: `heads/${branch}` });
  return data.object.sha;
}

async function policyCheck(scene: Scene, branch: string) {
  return scene.checks(await headOf(scene, branch)).get("baton/policy");
}
