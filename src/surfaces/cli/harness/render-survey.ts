import { CAPABILITY_NAMES } from "../../../contract/harness/capabilities.ts";
import type { HarnessSurvey } from "./survey-harnesses.ts";

/** The survey as a table for a terminal, and below it what its words mean. */
export function renderSurvey(surveys: readonly HarnessSurvey[]): string {
  const header = ["harness", "tested", "on this machine", ...CAPABILITY_NAMES];
  const rows = surveys.map(({ name, pin, capabilities, ...survey }) => [
    name,
    pin?.version ?? "-",
    pin === null ? "-" : describeInstalled(survey),
    ...CAPABILITY_NAMES.map((capability) => (capabilities[capability] ? "yes" : "no")),
  ]);
  const widths = header.map((_, column) =>
    Math.max(...[header, ...rows].map((row) => row[column]?.length ?? 0)),
  );
  const lines = [header, ...rows].map((row) =>
    row
      .map((cell, column) => cell.padEnd(widths[column] ?? 0))
      .join("  ")
      .trimEnd(),
  );
  return `${lines.join("\n")}\n\n${LEGEND}`;
}

function describeInstalled({ installed, matches }: Pick<HarnessSurvey, "installed" | "matches">): string {
  if (installed === null) return "not there";
  if (installed.version === null) return "says no version";
  return matches === true ? installed.version : `${installed.version}, differs`;
}

const LEGEND = `A runner installs what it does not have, at the tested version or the one that the policy names.
resume    goes on with a session that another runner began
budget    stops at limits.budget, which the runner's model proxy counts
turns     stops at limits.turns
schema    gives its answer in a form that was asked for
mcp       uses the MCP servers of the policy
cost      says by itself what its session cost
thinking  shows what its model thinks
images    reads images
Asking for what a stage's harness cannot do makes the policy invalid.`;
