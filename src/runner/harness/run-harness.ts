import type { Briefing } from "../../contract/briefing.ts";
import { CAPABILITIES, harnessesWith, type Capability } from "../../contract/harness/capabilities.ts";
import type { HarnessOutcome, HarnessSession } from "./harness.ts";
import { notBegun } from "./not-begun.ts";
import { prepareMcpServers } from "./prepare-mcp-servers.ts";
import { HARNESSES } from "./registry.ts";

/**
 * Runs the harness that the briefing names, with its MCP servers ready, unless it lacks what the briefing asks for: that
 * is said, not ignored.
 */
export async function runHarness(session: HarnessSession): Promise<HarnessOutcome> {
  const { name } = session.briefing.harness;
  const harness = HARNESSES[name];
  if (harness === undefined)
    return refused(`This version of Baton's action cannot run the harness "${name}".`);
  const lacking = findLacking(session.briefing);
  if (lacking !== null) return refused(lacking);
  const mcpServers = await prepareMcpServers(session);
  if (!mcpServers.ok) return refused(mcpServers.error);
  return harness({ ...session, mcpServers: mcpServers.value });
}

const ASKED: readonly (readonly [Capability, what: string, isAsked: (briefing: Briefing) => boolean])[] = [
  ["turns", "stop after a number of turns", ({ limits }) => limits.maxTurns !== null],
  ["budget", "keep to a budget", ({ limits }) => limits.budgetMicroUsd !== null],
  ["mcp", "use MCP servers", ({ mcpServers }) => mcpServers.length > 0],
];

function findLacking(briefing: Briefing): string | null {
  const { name } = briefing.harness;
  const lacking = ASKED.find(
    ([capability, , isAsked]) => isAsked(briefing) && !CAPABILITIES[name].has(capability),
  );
  if (lacking === undefined) return null;
  const [capability, what] = lacking;
  return `The harness "${name}" cannot ${what}: use ${harnessesWith(capability).join(", ")}, or take it out of the policy.`;
}

function refused(message: string): HarnessOutcome {
  return notBegun({ class: "config", message });
}
