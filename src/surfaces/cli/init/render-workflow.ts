import { readFile } from "node:fs/promises";
import { fileURLToPath } from "node:url";

/** The template is a workflow that GitHub could read; only its action is nobody's. */
const PLACEHOLDER = "baton-action/placeholder@0000000000000000000000000000000000000000";

const SERVER_INPUT = "        description: Address of the Baton server that waits for the attempt.\n";

/** The workflow for a repository: the action pinned, and the server as the default of its input where it is known. */
export async function renderWorkflow(wanted: {
  readonly action: string;
  readonly server: string | null;
}): Promise<string> {
  const template = await readFile(fileURLToPath(new URL("workflow.yml", import.meta.url)), "utf8");
  const pinned = template.replaceAll(PLACEHOLDER, `${wanted.action} # pinned by baton init`);
  if (wanted.server === null) return pinned;
  return pinned.replace(SERVER_INPUT, `${SERVER_INPUT}        default: ${JSON.stringify(wanted.server)}\n`);
}
