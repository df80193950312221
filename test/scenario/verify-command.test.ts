import { expect, test } from "vitest";
import { IMPLEMENTS, IMPLEMENTS_WRONGLY } from "../support/scenario/agent-script.ts";
import { useWorld } from "../support/scenario/open-world.ts";

const world = useWorld();

test("where no workflow tests a push, the policy's verify command is what says red and green", async () => {
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
}, 600_000);
