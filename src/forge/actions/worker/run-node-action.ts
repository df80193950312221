import { join } from "node:path";

import type { ActionRuns } from "../workflow/parse-action-manifest.ts";
import { inputVariables } from "./action-inputs.ts";
import type { PlacedAction, StepExecution } from "./job-state.ts";
import { schedulePostStep } from "./post-steps.ts";
import { runStepCommand } from "./run-step-command.ts";

export interface NodeActionUse {
  placed: PlacedAction;
  runs: Extract<ActionRuns, { using: "node" }>;
  inputs: Record<string, string>;
}

/** The main part of a JavaScript action, under the Node that runs the forge; its post part is left for later. */
export async function runNodeAction(execution: StepExecution, use: NodeActionUse): Promise<void> {
  const { post, postIf, main } = use.runs;
  if (post !== null) {
    schedulePostStep(execution, {
      condition: postIf,
      run: (later) => runNodePart(later, use, post),
    });
  }
  await runNodePart(execution, use, main);
}

/** Runs `pre`, `main` or `post`, with the inputs and what earlier parts left in GITHUB_STATE. */
export async function runNodePart(
  execution: StepExecution,
  use: NodeActionUse,
  script: string,
): Promise<void> {
  const { placed, inputs } = use;
  const stateVariables = Object.fromEntries(
    Object.entries(execution.actionState).map(([name, value]) => [`STATE_${name}`, value]),
  );
  await runStepCommand(execution, {
    command: process.execPath,
    args: [join(placed.directory, script)],
    cwd: execution.state.directories.workspace,
    own: {
      ...inputVariables(inputs),
      ...stateVariables,
      GITHUB_ACTION: execution.step.id || `__${placed.repository.replace("/", "_")}`,
      GITHUB_ACTION_PATH: placed.directory,
      GITHUB_ACTION_REPOSITORY: placed.repository,
      GITHUB_ACTION_REF: placed.ref,
    },
  });
}
