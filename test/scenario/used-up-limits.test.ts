import { expect, test } from "vitest";
import { ANTHROPIC_WIRE } from "../support/models/anthropic-wire.ts";
import type { Step } from "../support/models/script.ts";
import { startModel } from "../support/models/start-model.ts";
import { claudeVocabulary } from "../support/models/vocabulary/claude-vocabulary.ts";
import { useWorld } from "../support/scenario/open-world.ts";
import { openRealAgent } from "../support/scenario/real-agent.ts";

const world = useWorld();
const MODEL = "claude-sonnet-5";

/** Costs 20 cents. */
const DEAR = { input: 100_000, output: 0 };
const CODE = "export const double = (number) => number * 2;\n";

const BEGINS: Step = {
  use: [{ shell: `mkdir -p src && printf '%s' '${CODE}' > src/double.mjs` }],
  usage: DEAR,
};
const GOES_ON: Step = { use: [{ shell: "cat src/double.mjs" }], usage: DEAR };
const ENDS: Step = { answer: { summary: "It doubles.", question: null }, usage: { input: 10, output: 10 } };

test.concurrent.for([
  {
    limits: { budget: "0.30" },
    status: "blocked: budget",
    headline: "the implement stage has used up its budget",
    sentence:
      "The attempt's budget of $0.30 is used up, with $0.40 spent. A larger stages.implement.limits.budget in the policy lets an attempt use more.",
  },
  {
    limits: { turns: 2 },
    status: "blocked: exhausted",
    headline: "the implement stage needs a person",
    sentence:
      "The attempt's limit of 2 turns is used up. A larger stages.implement.limits.turns in the policy lets an attempt use more.",
  },
])(
  "an attempt that used up its limit is not tried again by itself, and /retry goes on with its work: $status",
  async ({ limits, status, headline, sentence }) => {
    const model = await startModel(ANTHROPIC_WIRE, { vocabulary: claudeVocabulary, model: MODEL });
    const { baseUrl, key } = model.access;
    try {
      const scene = await openRealAgent(world, {
        implement: { harness: { use: "claude", model: MODEL }, limits },
        variables: { ANTHROPIC_BASE_URL: baseUrl, ANTHROPIC_API_KEY: key },
      });
      model.play([BEGINS, GOES_ON, GOES_ON, GOES_ON], "/");
      await scene.label("maya");
      const stuck = await scene.until(status);
      expect(stuck.phase).toMatchObject({ stage: "implement", detail: sentence });
      await scene.untilQuiet();
      expect(scene.statusComments()[0]).toContain(`### Baton: ${headline}`);
      expect(plain(scene.statusComments()[0])).toContain(sentence);
      expect(attempts(stuck.stages)).toBe(1);

      model.play([ENDS], "/");
      expect(await scene.ask("robin", "/retry")).toEqual({ reaction: "rocket", line: null });
      await scene.until("ready-for-review");
      const { data } = await scene.as("maya").rest.repos.getContent({
        ...scene.site,
        path: "src/double.mjs",
        ref: scene.pulls()[0]?.head.ref ?? "",
        mediaType: { format: "raw" },
      });
      expect(data).toBe(CODE);
      await scene.untilQuiet();
      await scene.expectSoundRecord();
    } finally {
      await model.close();
    }
  },
);

/** What a comment's Markdown shows. */
function plain(text = ""): string {
  return text.replaceAll("\\", "");
}

function attempts(stages: readonly { readonly stage: string; readonly attempts: number }[]): number {
  return stages.find(({ stage }) => stage === "implement")?.attempts ?? 0;
}
