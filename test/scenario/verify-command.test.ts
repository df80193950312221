import { join } from "node:path";
import { expect, test } from "vitest";
import { IMPLEMENTS, IMPLEMENTS_WRONGLY } from "../support/scenario/agent-script.ts";
import { useWorld } from "../support/scenario/open-world.ts";

const world = useWorld();
const LIMIT_MS = 600_000;

test.concurrent(
  "where no workflow tests a push, the policy's verify command is what says red and green",
  async () => {
    const scene = await world.scene({
      checks: false,
      policy: { tiers: { default: "low" }, verify: { command: "node --test", settle: "250ms" } },
      agent: { implement: [IMPLEMENTS_WRONGLY, IMPLEMENTS] },
    });
    await scene.label("maya");
    const task = await scene.until("completed");
    expect(task.verification).toEqual({ sha: task.headSha, passed: true });

    const [, second] = await scene.sessions("implement");
    expect(second?.briefing.failure).toMatchObject({ kind: "checks" });
    expect(second?.briefing.failure?.logTail).toContain("doubles a number");
    await scene.untilQuiet();
    const history = await scene.expectSoundRecord();
    const verdicts = history.flatMap(({ event }) =>
      event.type === "VerificationRecorded" ? [event.passed] : [],
    );
    expect(verdicts).toEqual([false, true]);
  },
  LIMIT_MS,
);

test.concurrent(
  "a person's push has the command run on it, without an agent",
  async () => {
    const scene = await world.scene({
      checks: false,
      policy: { merge: { automatic: false }, verify: { command: "node --test", settle: "250ms" } },
    });
    await scene.label("maya");
    const { branch } = await scene.until("ready-for-review");
    const pushed = await scene.push("sam", { "src/more.mjs": "export const more = 1;\n" }, branch);
    await scene.untilTrue("the pushed head verified", async () => {
      const { verification } = await scene.task();
      return verification?.sha === pushed && verification.passed;
    });
    await scene.until("ready-for-review");
    expect(await scene.sessions("implement")).toHaveLength(1);
    await scene.untilQuiet();
    await scene.expectSoundRecord();
  },
  LIMIT_MS,
);

test.concurrent(
  "a run that dies before the command has a result is not taken for a failure of the work",
  async () => {
    const marker = JSON.stringify(join(world.site().dir, "died-once"));
    const scene = await world.scene({
      checks: false,
      policy: {
        tiers: { default: "low" },
        verify: {
          command: `test -e ${marker} || { touch ${marker}; kill -9 $PPID; }; node --test`,
          settle: "250ms",
        },
      },
    });
    await scene.label("maya");
    await scene.until("completed");
    expect(await scene.sessions("implement")).toHaveLength(1);
    await scene.untilQuiet();
    const history = await scene.expectSoundRecord();
    const tries = history.flatMap(({ event }) =>
      event.type === "VerifyRunDispatched" ? [event.number] : [],
    );
    expect(tries).toEqual([1, 2]);
  },
  LIMIT_MS,
);
