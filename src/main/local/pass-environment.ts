import type { Result } from "../../base/result.ts";
import { err, ok } from "../../base/result.ts";
import type { HarnessName } from "../../contract/harness/harness-name.ts";
import { MODEL_VARIABLES } from "../../contract/harness/model-variables.ts";
import { setRepositoryVariable } from "../../forge/actions/engine/repository-variables.ts";
import type { Forge } from "../../forge/start-forge.ts";

/** How the template says which job the agent's step is. */
const AGENT_STEP = "        with:\n          job: agent\n";

/**
 * The workflow with the repository's secrets of these names in the agent's step, as its comment shows, and all of them
 * in the agent's reach but those by which Baton itself asks the model of one of its harnesses.
 */
export function passSecrets(
  workflow: string,
  { names, harnesses }: { readonly names: readonly string[]; readonly harnesses: readonly HarnessName[] },
): string {
  if (names.length === 0) return workflow;
  const passed = harnesses.every(findsItsOwnModel) ? names : names.filter((name) => !MODEL_NAMES.has(name));
  const input = passed.length === 0 ? "" : `          pass-env: ${passed.join(", ")}\n`;
  if (!workflow.includes(AGENT_STEP)) throw new Error("The workflow names the agent's job otherwise now.");
  const env = names.map((name) => `          ${name}: \${{ secrets.${name} }}\n`).join("");
  return workflow.replace(AGENT_STEP, () => `        env:\n${env}${AGENT_STEP}${input}`);
}

const MODEL_NAMES: ReadonlySet<string> = new Set(
  Object.values(MODEL_VARIABLES).flatMap(({ keys, address }) => [...keys.map(({ name }) => name), address]),
);

/** Whether a variable of the terminal says how a model is reached, which is for Baton's step. */
export function isForModel(name: string): boolean {
  return MODEL_NAMES.has(name);
}

function findsItsOwnModel(harness: HarnessName): boolean {
  return harness === "command" || harness === "recording";
}

/** The values that the terminal has for the names now. */
export function readVariables(
  names: readonly string[],
  environment: NodeJS.ProcessEnv,
): Result<ReadonlyMap<string, string>, string> {
  const values = new Map<string, string>();
  for (const name of names) {
    const value = environment[name];
    if (value === undefined || value === "") {
      return err(`--pass-env names ${name}, which is not set in this terminal.`);
    }
    values.set(name, value);
  }
  return ok(values);
}

/** Makes them the repository's secrets, as they would be on GitHub; each start brings the values anew. */
export function setSecrets(forge: Forge, repositoryId: number, values: ReadonlyMap<string, string>): void {
  for (const [name, value] of values) {
    setRepositoryVariable(forge.hub, { repositoryId, kind: "secret", name, value });
  }
}
