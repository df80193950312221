import { mkdtempSync, rmSync, symlinkSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { setTimeout } from "node:timers/promises";
import { unpackSnapshot } from "../src/runner/snapshot/pack-snapshot.ts";
import { BUILT_ACTION, startActionMachine } from "../test/integration/runner/fixture/action-machine.ts";
import { setScene, type Scene } from "../test/integration/runner/fixture/attempt-scene.ts";
import { harnessPrograms } from "../test/support/harness/harness-programs.ts";
import { ANTHROPIC_WIRE } from "../test/support/models/anthropic-wire.ts";
import type { Step } from "../test/support/models/script.ts";
import { startModel, type ScriptedModel } from "../test/support/models/start-model.ts";
import { claudeVocabulary } from "../test/support/models/vocabulary/claude-vocabulary.ts";
import type { Benchmark, Figures } from "./support/benchmark.ts";

const MODEL = "claude-sonnet-5";
const COMPARISON = "claude";
const WARM = "after a lost runner";
const FRESH = "from the beginning";

/** How much the lost session had done: so many commands, each with some kilobytes of output. */
const STEPS = 30;
const LAST_WORDS = wordsOf(STEPS);

const LOOK_MS = 100;

/** Nothing is kept while it is measured. */
const UNDISTURBED_MS = 600_000;

export const restoration: Benchmark = {
  name: "restoration",
  about: `From the start of the action on a new runner to the first request that the real Claude Code has for its model: in a session that begins, and in one that goes on from the snapshot of a lost runner, with its changes and a transcript of ${STEPS} steps. Git and Baton's server answer on the same machine, and the program is installed.`,
  rounds: 7,
  goals: [
    {
      name: "to the first request, after a lost runner ÷ from the beginning",
      comparison: COMPARISON,
      figure: "ms",
      of: WARM,
      over: FRESH,
      better: "lower",
      required: 1.5,
      aim: 1.2,
    },
  ],
  open,
};

async function open() {
  const model = await startModel(ANTHROPIC_WIRE, { vocabulary: claudeVocabulary, model: MODEL });
  const scene = await setScene({ "src/greet.txt": "hi\n" }, () => ({
    harness: { name: "claude", model: MODEL, version: null, settings: {} },
  }));
  const toolCache = mkdtempSync(join(tmpdir(), "baton-tool-cache-"));
  symlinkSync(harnessPrograms(), join(toolCache, "baton"));
  const site: Site = { model, scene, toolCache };
  const close = async (): Promise<void> => {
    await Promise.all([model.close(), scene.close()]);
    rmSync(toolCache, { recursive: true });
  };
  try {
    const snapshot = await loseRunner(site);
    scene.server.briefing = { ...scene.server.briefing, heartbeatMs: UNDISTURBED_MS };
    const arms = [
      { name: WARM, measure: () => measure(site, snapshot) },
      { name: FRESH, measure: () => measure(site, null) },
    ];
    return { comparisons: [{ name: COMPARISON, arms }], close };
  } catch (error) {
    await close();
    throw error;
  }
}

type Site = { readonly model: ScriptedModel; readonly scene: Scene; readonly toolCache: string };

async function withMachine<Done>(
  { model, scene, toolCache }: Site,
  act: (machine: Awaited<ReturnType<typeof startActionMachine>>) => Promise<Done>,
): Promise<Done> {
  const { baseUrl, key } = model.access;
  const env = { RUNNER_TOOL_CACHE: toolCache, ANTHROPIC_API_KEY: key, ANTHROPIC_BASE_URL: baseUrl };
  const machine = await startActionMachine(scene, env, BUILT_ACTION);
  try {
    return await act(machine);
  } finally {
    await machine.close();
  }
}

function wordsOf(step: number): string {
  return `This is step ${step}.`;
}

/** Kills a runner as soon as all that its agent did is kept, and gives what was kept. */
async function loseRunner(site: Site): Promise<Buffer> {
  const { model, scene } = site;
  const steps = Array.from({ length: STEPS }, (_, index): Step => {
    const words = wordsOf(index + 1);
    return { say: words, use: [{ shell: `echo '${words}' >> src/greet.txt; seq 1 1000` }] };
  });
  model.play([...steps, { fail: "hang" }], "/");
  return withMachine(site, async (machine) => {
    const { child, ended } = machine.start("agent");
    let left = scene.server.snapshots.at(-1);
    while (left === undefined || !(await holdsAll(left))) {
      await setTimeout(LOOK_MS);
      if (child.exitCode !== null) throw new Error(`The runner was lost too soon: ${(await ended).log}`);
      left = scene.server.snapshots.at(-1);
    }
    child.kill("SIGKILL");
    await ended;
    return left;
  });
}

async function holdsAll(packed: Buffer): Promise<boolean> {
  const snapshot = await unpackSnapshot(packed);
  if (!snapshot.ok) throw new Error(snapshot.error);
  const { bundle, session } = snapshot.value;
  const [transcript] = session.transcript ?? [];
  return bundle !== null && Buffer.from(transcript?.content ?? "", "base64").includes(LAST_WORDS);
}

async function measure(site: Site, snapshot: Buffer | null): Promise<Figures> {
  const { model, scene } = site;
  scene.server.snapshotToRestore = snapshot;
  const asked = model.turns.length;
  model.play([{ answer: { summary: "Done.", question: null } }], "/");
  return withMachine(site, async (machine) => {
    const start = performance.now();
    const { code, log } = await machine.start("agent").ended;
    const first = model.turns[asked];
    if (code !== 0 || first === undefined) throw new Error(`The agent did not come to its end: ${log}`);
    if (JSON.stringify(first.body).includes(LAST_WORDS) !== (snapshot !== null)) {
      throw new Error("The model was asked in another session than the one that is measured.");
    }
    return { ms: first.atMs - start };
  });
}
