import { mkdirSync, writeFileSync } from "node:fs";
import { join } from "node:path";

import { interpolateMap } from "../expression/interpolate.ts";
import { builtInAction } from "./built-in/built-in-actions.ts";
import type { JobState, StepFrame } from "./job-state.ts";
import { logFailure } from "./log-failure.ts";
import { placeAction } from "./run-action.ts";
import { stepScope } from "./step-scope.ts";

/**
 * "Set up job": the event file, the variables, the actions that steps use. A failure here is the job's, and
 * none of its steps runs.
 */
export async function setUpJob(state: JobState, frame: StepFrame): Promise<boolean> {
  const { assignment, log } = state;
  const [report] = state.steps.add("Set up job");
  if (report === undefined) throw new Error("The list of steps took no step");
  log.beginStep(report.number);
  state.steps.start(report);
  try {
    for (const line of assignment.setupLines) log.write(line);
    writeEvent(state);
    for (const templates of assignment.environments) {
      Object.assign(state.env, interpolateMap(templates, stepScope(state, frame, state.env)));
    }
    await placeActions(state);
    state.steps.complete(report, "success");
    return true;
  } catch (error) {
    logFailure(state, error);
    state.status = "failure";
    state.steps.complete(report, "failure");
    return false;
  }
}

function writeEvent(state: JobState): void {
  const { github } = state.assignment.contexts;
  const directory = join(state.directories.temp, "_github_workflow");
  mkdirSync(directory, { recursive: true });
  const file = join(directory, "event.json");
  writeFileSync(file, JSON.stringify(github["event"] ?? {}, null, 2));
  github["event_path"] = file;
}

/** Actions of the workspace are looked for when their step runs: nothing is checked out yet. */
async function placeActions(state: JobState): Promise<void> {
  for (const { uses } of state.assignment.steps) {
    if (uses === null || uses.startsWith("./") || uses.startsWith("../")) continue;
    const builtIn = builtInAction(uses) !== null;
    state.log.write(`Download action '${uses}'${builtIn ? " (built into the forge)" : ""}`);
    if (!builtIn) await placeAction(state, uses);
  }
}
