import { expect, test } from "vitest";
import { z } from "zod";
import type { Snapshot } from "../../src/contract/snapshot.ts";
import { unpackSnapshot } from "../../src/runner/snapshot/pack-snapshot.ts";
import { ANTHROPIC_WIRE } from "../support/models/anthropic-wire.ts";
import { GEMINI_WIRE } from "../support/models/gemini-wire.ts";
import type { Step } from "../support/models/script.ts";
import { startModel, type ScriptedModel } from "../support/models/start-model.ts";
import { claudeVocabulary } from "../support/models/vocabulary/claude-vocabulary.ts";
import { geminiVocabulary } from "../support/models/vocabulary/gemini-vocabulary.ts";
import type { ModelRequest } from "../support/models/wire.ts";
import { findRunner } from "../support/scenario/find-runner.ts";
import { useWorld } from "../support/scenario/open-world.ts";
import { openRealAgent } from "../support/scenario/real-agent.ts";
import type { Scene } from "../support/scenario/scene.ts";

const world = useWorld();

const FIRST_WORDS = "I begin with double.";

/** What the agent has written when its runner is lost. */
const HALF_DONE = "export const double = (number) => number * 2; // half done\n";

/** Says something, writes something, and hears nothing more of its model. */
const BEGINS: readonly Step[] = [
  { say: FIRST_WORDS, use: [{ shell: `mkdir -p src && printf '%s' '${HALF_DONE}' > src/double.mjs` }] },
  { fail: "hang" },
];

const LOOKS: Step = { use: [{ shell: "git status --short --untracked-files=all && cat src/double.mjs" }] };

test.concurrent(
  "a real agent whose runner is killed goes on in its session on another one, with its work there",
  async () => {
    const name = "claude-sonnet-5";
    const model = await startModel(ANTHROPIC_WIRE, { vocabulary: claudeVocabulary, model: name });
    const { baseUrl, key } = model.access;
    try {
      const scene = await openRealAgent(world, {
        implement: { harness: { use: "claude", model: name } },
        variables: { ANTHROPIC_BASE_URL: baseUrl, ANTHROPIC_API_KEY: key },
      });
      const lost = await loseRunner(scene, model, ({ transcript }) =>
        (transcript ?? []).some(({ content }) => Buffer.from(content, "base64").includes(FIRST_WORDS)),
      );
      const asked = model.turns.length;
      model.play([LOOKS, { answer: { summary: "It doubles.", question: null } }], "/");
      await scene.until("ready-for-review");

      const [first] = model.turns;
      const [resumed, looked] = model.turns.slice(asked);
      // The session's id goes along with every request of this program.
      expect(lost.session.id).toMatch(/^[0-9a-f-]{36}$/);
      expect(sessionOf(first)).toBe(lost.session.id);
      expect(sessionOf(resumed)).toBe(lost.session.id);
      // The model is reminded of what it said before, and told of the loss.
      expect(textOf(resumed)).toContain(FIRST_WORDS);
      expect(textOf(resumed)).toContain("An earlier attempt was interrupted.");
      expect(textOf(resumed)).not.toContain("The last that the earlier agent said and did");
      await expectGoneOn(scene, looked);
    } finally {
      await model.close();
    }
  },
);

test.concurrent(
  "an agent that cannot go on with a session is told in short what the lost one did",
  async () => {
    const name = "gemini-2.5-pro";
    const model = await startModel(GEMINI_WIRE, { vocabulary: geminiVocabulary, model: name });
    const { baseUrl, key } = model.access;
    try {
      const scene = await openRealAgent(world, {
        implement: { harness: { use: "acp", run: ["gemini", "--acp"], model: name } },
        variables: { GOOGLE_GEMINI_BASE_URL: baseUrl, GEMINI_API_KEY: key },
      });
      const lost = await loseRunner(scene, model, ({ summary }) => summary.includes(FIRST_WORDS));
      expect(lost.session.transcript).toBeNull();
      const asked = model.turns.length;
      const result = JSON.stringify({ summary: "It doubles." });
      const writesResult = { use: [{ shell: `printf %s '${result}' > "$BATON_RESULT"` }] };
      model.play([LOOKS, writesResult, { say: "It doubles." }], "/");
      await scene.until("ready-for-review");

      const [resumed, looked] = model.turns.slice(asked);
      expect(textOf(resumed)).toContain("The last that the earlier agent said and did");
      expect(textOf(resumed)).toContain(`> ${FIRST_WORDS}`);
      await expectGoneOn(scene, looked);
    } finally {
      await model.close();
    }
  },
);

/** Kills the developer's runner as soon as enough of what it did is kept; gives what was kept. */
async function loseRunner(
  scene: Scene,
  model: ScriptedModel,
  isEnough: (session: Snapshot["session"]) => boolean,
): Promise<Snapshot> {
  model.play(BEGINS, "/");
  await scene.label("maya");
  let kept: Snapshot | null = null;
  await scene.untilTrue("a snapshot", async () => {
    kept = await keptNow(scene);
    return kept !== null && kept.bundle !== null && isEnough(kept.session);
  });
  const runner = findRunner(world.site().dir, scene.repository.name);
  if (runner === null || kept === null) throw new Error("There is no runner to lose.");
  process.kill(runner, "SIGKILL");
  const { event } = await scene.untilEvent("AttemptFailed");
  expect(event).toMatchObject({ failure: { kind: "lost" } });
  return kept;
}

/** What the attempt that is under way has kept so far. */
async function keptNow(scene: Scene): Promise<Snapshot | null> {
  const dispatched = (await scene.history()).flatMap(({ event }) =>
    event.type === "AttemptDispatched" && event.attempt.stage === "implement" ? [event.attempt.id] : [],
  );
  const { attempts } = world.baton().store;
  const [attempt] = dispatched;
  const bytes = attempt === undefined ? null : await attempts.loadSnapshot(attempt);
  if (bytes === null) return null;
  const unpacked = await unpackSnapshot(Buffer.from(bytes));
  if (!unpacked.ok) throw new Error(unpacked.error);
  return unpacked.value;
}

const Told = z.object({ metadata: z.object({ user_id: z.string() }) });

function sessionOf(request: ModelRequest | undefined): string | undefined {
  const { user_id: user } = Told.parse(request?.body).metadata;
  return /session_(?:id"?:"?)?([0-9a-f-]{36})/.exec(user)?.[1];
}

/** All that a request holds, as a text in which its line breaks are no escapes. */
function textOf(request: ModelRequest | undefined): string {
  return JSON.stringify(request?.body).replaceAll(String.raw`\n`, "\n");
}

/** The agent found what the lost one had written, and handed it over. */
async function expectGoneOn(scene: Scene, looked: ModelRequest | undefined): Promise<void> {
  expect(textOf(looked)).toContain("?? src/double.mjs");
  const { data } = await scene.as("maya").rest.repos.getContent({
    ...scene.site,
    path: "src/double.mjs",
    ref: scene.pulls()[0]?.head.ref ?? "",
    mediaType: { format: "raw" },
  });
  expect(data).toBe(HALF_DONE);
  await scene.untilQuiet();
  await scene.expectSoundRecord();
}
