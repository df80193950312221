import type { HarnessName } from "../harness/harness-name.ts";
import { CAPABILITIES, harnessesWith, type Capability } from "../harness/capabilities.ts";
import type { Policy } from "../../core/policy/policy.ts";
import type { RepositoryConfig } from "./config-schema.ts";
import type { AgentStage, StageRoles } from "./to-policy.ts";

/** Something the file asks for and cannot have, as an issue of its schema would say it. */
export type Lack = {
  readonly path: readonly PropertyKey[];
  readonly message: string;
  readonly remedy: string;
};

/** All that the file asks of a stage's harness and the harness cannot do, and names that stand for nothing. */
export function findLacks(config: RepositoryConfig, policy: Policy, roles: StageRoles): readonly Lack[] {
  const stages = Object.keys(config.stages) as AgentStage[];
  const found = stages.flatMap((stage) => [
    ...lacksOfHarness(config, policy, stage),
    ...unknownServers(config, stage, roles),
  ]);
  // What stands at the top is asked of every stage, and told once.
  const isFirst = ({ path }: Lack, index: number): boolean =>
    found.findIndex((other) => other.path.join(".") === path.join(".")) === index;
  return found.filter(isFirst);
}

function lacksOfHarness(config: RepositoryConfig, policy: Policy, stage: AgentStage): readonly Lack[] {
  const { harness, mcpServers = [] } = policy.stages[stage];
  const can = CAPABILITIES[harness.name];
  const own = config.stages[stage];
  const lacks: Lack[] = [];
  for (const key of ["turns", "budget"] as const) {
    const ofStage = own.limits?.[key];
    const asked = ofStage === undefined ? config.limits[key] : ofStage;
    if (asked === null || can.has(key)) continue;
    const path = ofStage === undefined ? ["limits", key] : ["stages", stage, "limits", key];
    const what = key === "turns" ? "stop after a number of turns" : "stop at a budget";
    lacks.push(
      lack(path, { stage, harness: harness.name, what, capability: key, off: `limits.${key}: null` }),
    );
  }
  if (mcpServers.length > 0 && !can.has("mcp")) {
    const path = own.mcp === undefined ? ["mcp"] : ["stages", stage, "mcp"];
    const what = "use MCP servers";
    lacks.push(lack(path, { stage, harness: harness.name, what, capability: "mcp", off: "mcp: []" }));
  }
  return lacks;
}

function lack(
  path: readonly PropertyKey[],
  wanted: {
    readonly stage: AgentStage;
    readonly harness: HarnessName;
    readonly what: string;
    readonly capability: Capability;
    readonly off: string;
  },
): Lack {
  const { stage, harness, what, capability, off } = wanted;
  return {
    path,
    message: `is asked of the stage ${stage}, whose harness ${harness} cannot ${what}`,
    remedy: `Those that can are ${listOf(harnessesWith(capability))}; or write ${off} for the stage.`,
  };
}

function unknownServers(config: RepositoryConfig, stage: AgentStage, roles: StageRoles): readonly Lack[] {
  const known = config.mcp.map(({ name }) => name);
  const declared = known.length === 0 ? "No server is declared there." : `There are ${listOf(known)}.`;
  const ofStage = (config.stages[stage].mcp ?? []).flatMap((name, index): Lack[] => {
    if (known.includes(name)) return [];
    const path = ["stages", stage, "mcp", index];
    return [{ path, message: `names "${name}", which is no server of mcp at the top`, remedy: declared }];
  });
  if (config.stages[stage].mcp !== undefined) return ofStage;
  const wish = roles[stage]?.role.mcp?.find((name) => !known.includes(name));
  if (wish === undefined) return [];
  const message = `names a role that wants the MCP server "${wish}", which is none of mcp at the top`;
  return [{ path: ["stages", stage, "role"], message, remedy: declared }];
}

function listOf(words: readonly string[]): string {
  const last = words.at(-1) ?? "";
  return words.length < 2 ? last : `${words.slice(0, -1).join(", ")} and ${last}`;
}
