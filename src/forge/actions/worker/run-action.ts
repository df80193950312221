import { existsSync, readFileSync } from "node:fs";
import { join, resolve } from "node:path";

import { actionInputs } from "./action-inputs.ts";
import { builtInAction } from "./built-in/built-in-actions.ts";
import type { JobState, PlacedAction, StepExecution } from "./job-state.ts";
import { StepFailure } from "./log-failure.ts";
import { runCompositeAction } from "./run-composite-action.ts";
import { runNodeAction } from "./run-node-action.ts";
import { logVariables } from "./run-script.ts";

/** A step with `uses:`. */
export async function runAction(execution: StepExecution): Promise<void> {
  const { state, step, scope } = execution;
  const uses = step.uses ?? "";
  const builtIn = builtInAction(uses);
  const placed = builtIn === null ? await placeAction(state, uses) : null;
  const declared = builtIn?.inputs ?? placed?.manifest.inputs ?? {};
  const inputs = actionInputs({
    given: step.with,
    declared,
    scope,
    warn: (text) => state.log.write(`##[warning]${text}`),
  });
  logUse(execution, inputs);
  if (builtIn !== null) return builtIn.run(execution, inputs);
  if (placed === null) throw new Error(`The action ${uses} was not placed`);
  const { runs } = placed.manifest;
  if (runs.using === "unsupported") {
    throw new StepFailure(`The forge does not support actions with \`${runs.what}\` (${uses}).`);
  }
  if (runs.using === "composite") return runCompositeAction(execution, placed, inputs);
  return runNodeAction(execution, { placed, runs, inputs });
}

function logUse(execution: StepExecution, inputs: Record<string, string>): void {
  const { log } = execution.state;
  log.write(`##[group]Run ${execution.step.uses ?? ""}`);
  const given = Object.entries(inputs).filter(([, value]) => value !== "");
  if (given.length > 0) log.write("with:");
  for (const [name, value] of given) log.write(`  ${name}: ${value}`);
  logVariables(execution, execution.env);
  log.write("##[endgroup]");
}

/**
 * Finds an action: in the workspace (`./path`), among those that are placed already, or in a repository of the
 * forge (`owner/name[/path]@ref`).
 * @throws StepFailure, ForgeRefusal
 */
export async function placeAction(state: JobState, uses: string): Promise<PlacedAction> {
  const known = state.actions.get(uses);
  if (known !== undefined) return known;
  if (uses.startsWith("docker://"))
    throw new StepFailure(`The forge does not support container actions (${uses}).`);
  if (uses.startsWith("./") || uses.startsWith("../")) {
    return readAction(resolve(state.directories.workspace, uses), { uses, repository: "", ref: "" });
  }
  const [address = "", ref = ""] = splitOnce(uses, "@");
  const [owner = "", name = "", ...path] = address.split("/");
  if (ref === "" || name === "")
    throw new StepFailure(`'${uses}' is no action: expected owner/repository@ref.`);
  const repository = `${owner}/${name}`;
  const directory = join(state.directories.actions, owner, name, ref);
  await state.forge.ask({ ask: "place-action", repository, ref, directory });
  const placed = await readAction(join(directory, ...path), { uses, repository, ref });
  state.actions.set(uses, placed);
  return placed;
}

async function readAction(
  directory: string,
  { uses, repository, ref }: { uses: string; repository: string; ref: string },
): Promise<PlacedAction> {
  const file = ["action.yml", "action.yaml"]
    .map((name) => join(directory, name))
    .find((path) => existsSync(path));
  if (file === undefined) {
    const hint =
      repository === "" ? " Did you forget to run actions/checkout before running your local action?" : "";
    throw new StepFailure(`Can't find 'action.yml' or 'action.yaml' under '${uses}'.${hint}`);
  }
  // GitHub's parser with its schemas is half of what a worker loads, and most jobs have no use for it.
  const { parseActionManifest } = await import("../workflow/parse-action-manifest.ts");
  const parsed = parseActionManifest(uses, readFileSync(file, "utf8"));
  if (!parsed.ok) throw new StepFailure(parsed.problems.join("\n"));
  return { directory, manifest: parsed.manifest, repository, ref };
}

function splitOnce(text: string, separator: string): [string, string?] {
  const at = text.indexOf(separator);
  return at < 0 ? [text] : [text.slice(0, at), text.slice(at + separator.length)];
}
