import { expect, test } from "vitest";
import type { AgentStep } from "../support/scenario/agent-script.ts";
import { IMPLEMENTS, PLANS, WRITES_TESTS } from "../support/scenario/agent-script.ts";
import { useWorld } from "../support/scenario/open-world.ts";
import type { Scene } from "../support/scenario/scene.ts";

const world = useWorld();
const LIMIT_MS = 600_000;
const MANY_RETRIES = { attempts: 9, backoff: "0ms", backoff_cap: "0ms" };

test.concurrent(
  "a plan that is missing, broken, too long or off its schema is a failed attempt; then people are asked, and answer",
  async () => {
    const steps: [AgentStep, ...AgentStep[]] = [
      { exit: 0 },
      { result: "{ not JSON" },
      { result: { summary: "Too long.", plan: { text: "x".repeat(60_001), paths: [] } } },
      { result: { summary: "Misspelt.", plam: {} } },
      { result: "y".repeat(300 * 1024) },
      { exit: 3 },
      { result: { summary: "Unclear.", question: "Is @maya sure that 21 is a number?" } },
      PLANS,
    ];
    const scene = await world.scene({
      policy: { tiers: { default: "high" }, retry: { ...MANY_RETRIES, attempts: 5 } },
      agent: { plan: steps },
    });
    await scene.label("maya");
    const stuck = await scene.until("blocked: exhausted");
    expect(stuck.phase).toMatchObject({
      stage: "plan",
      detail: expect.stringContaining("plan failed 6 times") as string,
    });
    expect(await failures(scene)).toEqual([
      "report: The agent ended without writing its result to $BATON_RESULT.",
      "report: The agent's result is not JSON.",
      expect.stringMatching(/^report: The agent's result is not valid at "plan\.text"/),
      expect.stringMatching(/^report: The agent's result is not valid/),
      "report: The agent's result has 307200 bytes; at most 262144 are allowed.",
      "agent: The agent ended with code 3.",
    ]);
    await scene.untilTrue("a headline", () =>
      (scene.statusComments()[0] ?? "").includes("### Baton: the plan stage needs a person"),
    );

    expect(await scene.ask("robin", "/retry")).toEqual({ reaction: "rocket", line: null });
    const asked = await scene.until("blocked: question");
    expect(asked.phase).toMatchObject({ detail: "Is @maya sure that 21 is a number?" });
    await scene.untilTrue("the question, calling nobody", () =>
      /Is .*maya.* sure that 21 is a number\?/.test(scene.statusComments()[0] ?? ""),
    );

    expect(await scene.ask("robin", "/retry -- Yes, she is.")).toEqual({ reaction: "rocket", line: null });
    await scene.until("blocked: approval");
    expect((await scene.sessions("plan")).at(-1)?.prompt).toContain("Yes, she is.");
    await scene.untilQuiet();
    expect(scene.pulls()).toEqual([]);
    await scene.expectSoundRecord();
  },
  LIMIT_MS,
);

test.concurrent(
  "work outside its scope is refused whole, with the reason, and never reaches the branch",
  async () => {
    const steps: [AgentStep, ...AgentStep[]] = [
      { ...IMPLEMENTS, write: { ...IMPLEMENTS.write, ".github/workflows/evil.yml": "on: push\n" } },
      { ...IMPLEMENTS, write: { ...IMPLEMENTS.write, ".github/baton.yml": "version: 1\n" } },
      { ...IMPLEMENTS, write: { ...IMPLEMENTS.write, "test/double.test.mjs": "// nothing to see\n" } },
      { ...IMPLEMENTS, symlink: { "src/passwd": "/etc/passwd" } },
      {
        ...IMPLEMENTS,
        run: [
          "git init -q vendor && git -C vendor -c user.name=x -c user.email=x@x.x commit -q --allow-empty -m x && git add vendor",
        ],
      },
      { result: { summary: "Did nothing." } },
      IMPLEMENTS,
    ];
    const scene = await world.scene({
      policy: { tiers: { default: "low" }, retry: MANY_RETRIES, merge: { automatic: false } },
      agent: {
        test: [{ ...WRITES_TESTS, write: { ...WRITES_TESTS.write, "src/double.mjs": "" } }, WRITES_TESTS],
        implement: steps,
      },
    });
    await scene.label("maya");
    await scene.until("ready-for-review");
    expect(await failures(scene)).toEqual([
      expect.stringMatching(/^scope: .*src\/double\.mjs/),
      expect.stringMatching(/^scope: .*\.github\/workflows\/evil\.yml/),
      expect.stringMatching(/^scope: .*\.github\/baton\.yml/),
      expect.stringMatching(/^scope: .*test\/double\.test\.mjs/),
      expect.stringMatching(/^scope: .*src\/passwd/),
      expect.stringMatching(/^scope: .*vendor/),
      "agent: The developer changed nothing.",
    ]);
    const { data: files } = await scene.as("maya").rest.pulls.listFiles({
      ...scene.site,
      pull_number: scene.pulls()[0]?.number ?? 0,
    });
    expect(files.map(({ filename }) => filename)).toEqual(["src/double.mjs", "test/double.test.mjs"]);
    await scene.untilQuiet();
    await scene.expectSoundRecord();
  },
  LIMIT_MS,
);

async function failures(scene: Scene): Promise<readonly string[]> {
  const history = await scene.history();
  return history.flatMap(({ event }) =>
    event.type === "AttemptFailed" ? [`${event.failure.kind}: ${event.failure.summary}`] : [],
  );
}
