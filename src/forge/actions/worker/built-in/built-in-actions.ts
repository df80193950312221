import type { ActionInput } from "../../workflow/parse-action-manifest.ts";
import type { StepExecution } from "../job-state.ts";
import { checkout } from "./checkout.ts";
import { downloadArtifact } from "./download-artifact.ts";
import { setupNode } from "./setup-node.ts";
import { uploadArtifact } from "./upload-artifact.ts";

/** An action that the forge carries out itself, with the inputs and outputs of GitHub's action of that name. */
export interface BuiltInAction {
  inputs: Readonly<Record<string, ActionInput>>;
  run: (execution: StepExecution, inputs: Record<string, string>) => Promise<void>;
}

const actions: Readonly<Record<string, BuiltInAction>> = {
  "actions/checkout": checkout,
  "actions/setup-node": setupNode,
  "actions/upload-artifact": uploadArtifact,
  "actions/download-artifact": downloadArtifact,
};

/** A built-in action answers to any tag, branch or commit: the forge has one version of each. */
export function builtInAction(uses: string): BuiltInAction | null {
  const [name = "", ref] = uses.split("@");
  return ref === undefined ? null : (actions[name.toLowerCase()] ?? null);
}
