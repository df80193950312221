import { expect, test } from "vitest";
import { WORKFLOW_PATH } from "../../src/contract/workflow-path.ts";
import { PLANS } from "../support/scenario/agent-script.ts";
import { useWorld } from "../support/scenario/open-world.ts";

const world = useWorld();
const LIMIT_MS = 600_000;

test.concurrent(
  "a runner that falls silent loses its lease, its run is cancelled, and another attempt does the work",
  async () => {
    const scene = await world.scene({
      policy: { tiers: { default: "high" }, lease: { ttl: "20s" } },
      agent: { plan: [{ ...PLANS, waits: "never" }, PLANS] },
    });
    await scene.label("maya");
    await scene.untilTrue("an agent at work", async () => (await scene.sessions("plan")).length === 1);
    const [session] = await scene.sessions("plan");
    process.kill(session?.parent ?? 0, "SIGSTOP");
    const { event } = await scene.untilEvent("AttemptFailed");
    expect(event).toMatchObject({
      failure: { kind: "lost", summary: expect.stringMatching(/was not heard of/) as string },
    });
    await scene.untilTrue("a cancelled run", () => scene.runs()[0]?.status === "completed");
    await scene.until("blocked: approval");
    expect(scene.runs()).toHaveLength(2);
    await scene.untilQuiet();
    await scene.expectSoundRecord();
  },
  LIMIT_MS,
);

test.concurrent(
  "a run that is killed or cancelled by hand is an attempt lost, and the next one does the work",
  async () => {
    const scene = await world.scene({
      policy: { tiers: { default: "high" } },
      agent: { plan: [{ ...PLANS, waits: "never" }, { ...PLANS, waits: "never" }, PLANS] },
    });
    await scene.label("maya");
    await scene.untilTrue("an agent at work", async () => (await scene.sessions("plan")).length === 1);
    const [first] = await scene.sessions("plan");
    if (!first) throw new Error("No agent is at work.");
    // With the machine that it stands for, its agent is gone too.
    for (const pid of [first.parent, first.pid]) process.kill(pid, "SIGKILL");
    await scene.untilEvent("AttemptFailed");

    await scene.untilTrue("a second agent", async () => (await scene.sessions("plan")).length === 2);
    const run_id = scene.runs()[1]?.id ?? 0;
    await scene.as("robin").rest.actions.cancelWorkflowRun({ ...scene.site, run_id });
    await scene.untilEvent("AttemptFailed", 2);

    await scene.until("blocked: approval");
    expect(scene.runs()).toHaveLength(3);
    await scene.untilQuiet();
    const history = await scene.expectSoundRecord();
    const lost = history.flatMap(({ event }) => (event.type === "AttemptFailed" ? [event.failure.kind] : []));
    expect(lost).toEqual(["lost", "lost"]);
  },
  LIMIT_MS,
);

test.concurrent(
  "a repository without Baton's workflow is told so, and /retry goes on once it is there",
  async () => {
    const scene = await world.scene({ workflow: false, policy: { tiers: { default: "high" } } });
    await scene.label("maya");
    const stuck = await scene.until("blocked: policy");
    expect(stuck.phase).toMatchObject({
      stage: "plan",
      detail: expect.stringContaining("baton.yml") as string,
    });
    await scene.untilTrue("a headline", () =>
      (scene.statusComments()[0] ?? "").includes("### Baton: the plan stage cannot go on"),
    );
    await scene.untilQuiet();
    expect(scene.runs()).toEqual([]);

    await scene.push("maya", { [WORKFLOW_PATH]: await world.site().workflow() });
    expect(await scene.ask("robin", "/retry")).toEqual({ reaction: "rocket", line: null });
    await scene.until("blocked: approval");
    await scene.expectSoundRecord();
  },
  LIMIT_MS,
);

test.concurrent(
  "a commit that nothing verifies goes nowhere, and says what to add",
  async () => {
    const scene = await world.scene({ checks: false });
    await scene.label("maya");
    const stuck = await scene.until("blocked: policy");
    expect(stuck.phase).toMatchObject({
      stage: "verify",
      detail: expect.stringContaining("No check has run on the commit") as string,
    });
    await scene.untilQuiet();
    await scene.expectSoundRecord();
  },
  LIMIT_MS,
);
