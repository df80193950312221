import { execFileSync } from "node:child_process";
import { lastWords } from "../test/conformance/last-words.ts";
import { withScene } from "../test/conformance/open-scene.ts";
import type { Subject } from "../test/conformance/subject.ts";
import { openSession } from "../test/support/harness/open-session.ts";
import { sampleBriefing } from "../test/support/harness/sample-briefing.ts";
import { startModel } from "../test/support/models/start-model.ts";
import { renderPrompt } from "../src/runner/briefing/render-prompt.ts";
import type { Benchmark, Comparison } from "./support/benchmark.ts";
import { callBare } from "./support/overhead/call-bare.ts";
import { SUBJECTS } from "./support/overhead/subjects.ts";

const BATON = "through Baton";
const BARE = "bare program";

export const overhead: Benchmark = {
  name: "overhead",
  about:
    "An agent's session on one scripted answer of its model, from the call to the end of its program: as a job runs it, with the model proxy and the sandbox that the machine allows, and the same program at the same version, called with the same words and settings by nobody's hand but a shell's.",
  rounds: 7,
  goals: SUBJECTS.map((subject) => ({
    name: `a session of ${subject.name} ÷ its bare program`,
    comparison: nameOf(subject),
    figure: "ms",
    of: BATON,
    over: BARE,
    better: "lower",
    required: 2,
    aim: 1.5,
  })),
  open: async () => ({ comparisons: SUBJECTS.map(compare), close: async () => undefined }),
};

function nameOf({ name, settings }: Subject): string {
  const run = settings?.["run"];
  return Array.isArray(run) ? `${name}, ${run.join(" ")}` : name;
}

function compare(subject: Subject): Comparison {
  return {
    name: nameOf(subject),
    arms: [
      { name: BATON, measure: async () => ({ ms: await runThroughBaton(subject) }) },
      { name: BARE, measure: async () => ({ ms: await runBare(subject) }) },
    ],
  };
}

/** It ends well only with a result, which a program without a schema has no turn to write: its last words do. */
function scriptFor(subject: Subject) {
  return lastWords(subject, "Done.").slice(-1);
}

async function runThroughBaton(subject: Subject): Promise<number> {
  return withScene(subject, async ({ run, model }) => {
    const start = performance.now();
    const { outcome } = await run(scriptFor(subject));
    const elapsedMs = performance.now() - start;
    if (outcome.exitCode !== 0 || model.turns.length !== 1) {
      throw new Error(`The session of ${subject.name} did not end well: ${JSON.stringify(outcome.error)}`);
    }
    return elapsedMs;
  });
}

async function runBare(subject: Subject): Promise<number> {
  const { wire, vocabulary, name, model, settings = {} } = subject;
  const scripted = await startModel(wire, { vocabulary, model });
  const briefing = { harness: { name, model, settings } };
  const session = openSession({
    briefing,
    prompt: renderPrompt(sampleBriefing(briefing)),
    model: scripted.access,
  });
  try {
    // Some look at the history that is there.
    execFileSync("git", ["init", "--quiet", "--initial-branch=main", session.workTree]);
    scripted.play(scriptFor(subject), session.workTree);
    return await callBare(session);
  } finally {
    session.close();
    await scripted.close();
  }
}
