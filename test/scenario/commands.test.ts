import { describe, expect, test } from "vitest";
import { createInstallationToken } from "../../src/forge/hub/setup/create-token.ts";
import { PLANS } from "../support/scenario/agent-script.ts";
import { clientWith } from "../support/scenario/scenario-forge.ts";
import type { Scene } from "../support/scenario/scene.ts";
import { useWorld } from "../support/scenario/open-world.ts";

const world = useWorld();
const HIGH = { tiers: { default: "high" } };
const LIMIT_MS = 600_000;

describe("at the plan gate", { concurrent: true }, () => {
  test(
    "only a person with the right to it approves, and only what is shown",
    async () => {
      const scene = await world.scene({ policy: HIGH });
      await scene.label("maya");
      const { phase } = await scene.until("blocked: approval");
      await scene.untilQuiet();
      const before = await scene.history();

      const refusals = [
        await scene.ask("maya", "/approve"),
        await scene.ask("casey", "/approve"),
        await scene.ask("robin", "/approve 1234567"),
        await scene.ask("robin", "/baton aprove"),
        await scene.ask("robin", "/retry implement"),
        await scene.ask("robin", "/resume"),
      ];
      const digest = phase.kind === "gated" ? phase.digest : "";
      const waiting = `is not what waits for approval: that is ${digest.slice(0, 7)}.`;
      expect(refusals).toEqual([
        refusal("@maya asked for this work, so somebody else has to approve it."),
        refusal("/approve needs the write role on this repository, and casey has read."),
        refusal(`1234567 ${waiting}`),
        refusal(expect.stringContaining("approve")),
        refusal(expect.stringContaining("The task has not come to implement yet")),
        refusal("Nobody holds this task."),
      ]);
      expect(await scene.history()).toEqual(before);

      expect(await scene.ask("robin", `Reads well.\n\n/approve ${digest.slice(0, 12)}`)).toEqual({
        reaction: "+1",
        line: null,
      });
      await scene.untilEvent("GateOpened");
      expect(await scene.ask("robin", "/cancel")).toEqual({ reaction: "rocket", line: null });
      await scene.until("cancelled");
    },
    LIMIT_MS,
  );

  test(
    "quoted, fenced, edited and a bot's words command nothing and get no answer",
    async () => {
      const scene = await world.scene({ policy: HIGH });
      await scene.label("maya");
      await scene.until("blocked: approval");
      await scene.untilQuiet();
      const before = await scene.history();
      const said = scene.ownComments().length;

      const ids = [
        await scene.comment("robin", "> /approve\n\nas you said"),
        await scene.comment("robin", "```\n/approve\n```"),
        await scene.comment("robin", "Just write `/approve` and\n\n    /approve\n"),
        await scene.comment("robin", "Not yet."),
        await commentAsBot(scene, "/approve"),
      ];
      const edited = ids[3] ?? 0;
      await scene
        .as("robin")
        .rest.issues.updateComment({ ...scene.site, comment_id: edited, body: "/approve" });
      await scene.untilQuiet();
      expect(ids.flatMap((id) => scene.reactions(id))).toEqual([]);
      expect(scene.ownComments()).toHaveLength(said);
      expect(await scene.history()).toEqual(before);
    },
    LIMIT_MS,
  );

  test(
    "/status and /help answer everybody, and /retry plan brings another plan that heeds the words",
    async () => {
      const scene = await world.scene({ policy: HIGH });
      await scene.label("maya");
      await scene.until("blocked: approval");
      expect(await scene.ask("casey", "/status")).toEqual({
        reaction: "rocket",
        line: "This task is **blocked: approval**.",
      });
      const help = await scene.ask("casey", "@baton help");
      expect(help.reaction).toBe("rocket");
      expect(help.line).toContain("| `/approve [digest]` |");

      expect(await scene.ask("robin", "/retry plan -- spare the tests folder")).toEqual({
        reaction: "rocket",
        line: null,
      });
      await scene.untilEvent("PlanProposed", 2);
      const [, second] = await scene.sessions("plan");
      expect(second?.briefing.guidance).toBe("spare the tests folder");
      expect(second?.prompt).toContain("spare the tests folder");
      await scene.until("blocked: approval");
      await scene.expectSoundRecord();
    },
    LIMIT_MS,
  );
});

describe("while an agent works", { concurrent: true }, () => {
  test(
    "/hold stops the agent within seconds, and /resume lets the work go on",
    async () => {
      const scene = await world.scene({ policy: HIGH, agent: { plan: [{ ...PLANS, waits: "go" }] } });
      await scene.label("maya");
      await scene.untilTrue("an agent at work", async () => (await scene.sessions("plan")).length === 1);
      const [session] = await scene.sessions("plan");

      expect(await scene.ask("robin", "/approve")).toEqual(
        refusal("Nothing waits for an approval: the task is at plan."),
      );
      expect(await scene.ask("robin", "/retry")).toEqual(
        refusal("Attempt 1 of plan is under way; /hold or /cancel stops it."),
      );

      const heldAt = Date.now();
      expect(await scene.ask("robin", "/hold")).toEqual({ reaction: "rocket", line: null });
      await scene.until("blocked: hold");
      await scene.untilTrue("no agent", () => !isAlive(session?.pid));
      // Long before its lease would have run out, also on a machine that takes ten times as long for everything.
      expect(Date.now() - heldAt).toBeLessThan(80_000);
      await scene.untilTrue("a cancelled run", () => scene.runs()[0]?.conclusion === "cancelled");
      expect(await scene.ask("sam", "/hold")).toEqual(
        refusal("@robin holds this task already; /resume lets it go on."),
      );

      await scene.release("go");
      expect(await scene.ask("sam", "/resume")).toEqual({ reaction: "rocket", line: null });
      await scene.until("blocked: approval");
      expect(scene.runs()).toHaveLength(2);
      await scene.untilQuiet();
      await scene.expectSoundRecord();
    },
    LIMIT_MS,
  );

  test(
    "/cancel ends the run, its agent and the draft; the label starts anew on another branch",
    async () => {
      const scene = await world.scene({ agent: { implement: [{ waits: "never" }] } });
      await scene.label("maya");
      await scene.untilTrue("a developer", async () => (await scene.sessions("implement")).length === 1);
      await scene.untilTrue("a draft", () => scene.pulls()[0]?.draft === true);
      const [session] = await scene.sessions("implement");

      await scene.label("robin");
      await scene.untilTrue("an answer to the label", () =>
        scene
          .ownComments()
          .some((body) => body.includes("This issue is being worked on already (in-progress)")),
      );

      expect(await scene.ask("robin", "/cancel -- not needed")).toEqual({ reaction: "rocket", line: null });
      const task = await scene.until("cancelled");
      expect(task.phase).toMatchObject({ by: "robin", why: "not needed" });
      await scene.untilTrue("no agent", () => !isAlive(session?.pid));
      await scene.untilTrue("a closed draft", () => scene.pulls()[0]?.state === "closed");
      await scene.untilTrue("a cancelled run", () => scene.runs().at(-1)?.conclusion === "cancelled");
      expect(await scene.ask("robin", "/retry")).toEqual(
        refusal("This task is cancelled; label the issue again to start a new one."),
      );
      await scene.expectSoundRecord();

      await scene.label("maya");
      await scene.untilTrue("a new task", async () => (await scene.task()).id.endsWith("-2"));
      expect((await scene.task()).branch).toBe(`${task.branch}-2`);
      await scene.ask("maya", "/cancel");
      await scene.until("cancelled");
      await scene.untilQuiet();
      expect(scene.statusComments()).toHaveLength(2);
    },
    LIMIT_MS,
  );
});

function refusal(line: unknown) {
  return { reaction: "confused", line };
}

async function commentAsBot(scene: Scene, body: string): Promise<number> {
  const { forge, people } = world.site();
  const { app } = forge.hub.createApp({
    name: `Helper ${scene.repository.id}`,
    owner: people.maya,
    permissions: { issues: "write", metadata: "read" },
    events: [],
  });
  const installation = forge.hub.installApp({ app, account: people.maya, repositories: [scene.repository] });
  const { token } = createInstallationToken(forge.hub, {
    installation,
    permissions: { issues: "write" },
    repositoryIds: null,
  });
  const bot = clientWith(forge, token);
  const { data } = await bot.rest.issues.createComment({
    ...scene.site,
    issue_number: scene.issueNumber,
    body,
  });
  return data.id;
}

function isAlive(pid: number | undefined): boolean {
  try {
    process.kill(pid ?? 0, 0);
    return true;
  } catch {
    return false;
  }
}
