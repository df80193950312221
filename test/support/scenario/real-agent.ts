import { parse, stringify } from "yaml";
import { z } from "zod";
import { WORKFLOW_PATH } from "../../../src/contract/workflow-path.ts";
import { harnessPrograms } from "../harness/harness-programs.ts";
import type { World } from "./open-world.ts";
import type { Scene } from "./scene.ts";

/** A task with a real agent program for its developer, which has these variables of its job. */
export async function openRealAgent(
  world: World,
  wanted: {
    /** The policy's settings of the implement stage. */
    readonly implement: Readonly<Record<string, unknown>>;
    readonly variables: Readonly<Record<string, string>>;
  },
): Promise<Scene> {
  const scene = await world.scene({
    policy: {
      tiers: { default: "low" },
      merge: { automatic: false },
      // Two thirds of it pass until a snapshot is kept.
      lease: { ttl: "20s" },
      stages: { implement: wanted.implement },
    },
  });
  const workflow = withAgent(await world.site().workflow(), wanted.variables);
  await scene.push("maya", { [WORKFLOW_PATH]: workflow });
  return scene;
}

const Steps = z.array(z.looseObject({ uses: z.string() }));
const Workflow = z.looseObject({ jobs: z.looseObject({ agent: z.looseObject({ steps: Steps }) }) });

/** Agents have these variables and the programs that tests keep; the scripted ones of other stages bear no sandbox. */
function withAgent(text: string, variables: Readonly<Record<string, string>>): string {
  const { jobs, ...workflow } = Workflow.parse(parse(text));
  const keepPrograms = { run: `ln -s '${harnessPrograms()}' "$RUNNER_TOOL_CACHE/baton"` };
  const steps = [keepPrograms, ...jobs.agent.steps.map((step) => ({ ...step, env: variables }))];
  return stringify({ ...workflow, jobs: { ...jobs, agent: { ...jobs.agent, steps } } });
}
