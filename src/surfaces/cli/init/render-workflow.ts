import { readFile } from "node:fs/promises";
import { fileURLToPath } from "node:url";
import type { HarnessName } from "../../../contract/harness/harness-name.ts";
import { HARNESS_PINS, isPinned } from "../../../contract/harness/harness-pins.ts";
import { MODEL_VARIABLES } from "../../../contract/harness/model-variables.ts";

/** The template is a workflow that GitHub could read; only its action is nobody's. */
const PLACEHOLDER = "baton-action/placeholder@0000000000000000000000000000000000000000";

const SERVER_INPUT = "        description: Address of the Baton server that waits for the attempt.\n";

/** How the template says which job the agent's step is. */
const AGENT_STEP = "        with:\n          job: agent\n";

/**
 * The workflow for a repository: the action pinned, the server as the default of its input where it is known, and the
 * repository's secret that holds the key of the harness's model.
 */
export async function renderWorkflow(wanted: {
  readonly action: string;
  readonly server: string | null;
  /** Whose model's key the agent's step is given. */
  readonly harness?: HarnessName;
}): Promise<string> {
  const template = await readFile(fileURLToPath(new URL("workflow.yml", import.meta.url)), "utf8");
  const keyed = wanted.harness === undefined ? template : withModel(template, wanted.harness);
  const pinned = keyed.replaceAll(PLACEHOLDER, `${wanted.action} # pinned by baton init`);
  if (wanted.server === null) return pinned;
  return pinned.replace(SERVER_INPUT, `${SERVER_INPUT}        default: ${JSON.stringify(wanted.server)}\n`);
}

/** A key is a secret of the repository; an address without which there is no model is one of its variables. */
function withModel(template: string, harness: HarnessName): string {
  if (!isPinned(harness)) return template;
  if (!template.includes(AGENT_STEP)) throw new Error("The workflow names the agent's job otherwise now.");
  const { keys, address, defaultAddress } = MODEL_VARIABLES[HARNESS_PINS[harness].protocol];
  const key = keys[0]?.name ?? "";
  const lines = [
    `${key}: \${{ secrets.${key} }}`,
    ...(defaultAddress === null ? [`${address}: \${{ vars.${address} }}`] : []),
  ];
  const env = lines.map((line) => `          ${line}\n`).join("");
  return template.replace(AGENT_STEP, () => `        env:\n${env}${AGENT_STEP}`);
}
