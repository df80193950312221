import { join, relative } from "node:path";
import { findPrices } from "../../../contract/cost/price-table.ts";
import type { HarnessSession, ModelAccess } from "../harness.ts";

/** The base branch's standing instructions, below the session's home. */
export const INSTRUCTIONS_FILE = ".baton/AGENTS.md";

/** How opencode calls the provider that stands for every model. */
const PROVIDER = "baton";

export function opencodeModel(model: string): string {
  return `${PROVIDER}/${model}`;
}

/** opencode's whole configuration: https://opencode.ai/docs/config/ */
export function opencodeConfig(
  session: Pick<HarnessSession, "briefing" | "homeDir" | "mcpServers" | "resultFile" | "workTree">,
  { baseUrl, key }: ModelAccess,
  model: string,
): Record<string, unknown> {
  return {
    provider: {
      [PROVIDER]: {
        npm: "@ai-sdk/openai-compatible",
        name: "Baton",
        options: { baseURL: `${baseUrl}/v1`, apiKey: key },
        models: { [model]: { name: model, ...costOf(model) } },
      },
    },
    enabled_providers: [PROVIDER],
    model: opencodeModel(model),
    small_model: opencodeModel(model),
    instructions: [join(session.homeDir, INSTRUCTIONS_FILE)],
    permission: permissions(session),
    mcp: serversOf(session),
    share: "disabled",
    autoupdate: false,
  };
}

/** In dollars for a million tokens, so that it counts what it cost by the same prices. */
function costOf(model: string): { readonly cost?: Readonly<Record<string, number>> } {
  const prices = findPrices(model)?.prices;
  if (prices === undefined) return {};
  const { input, output, cacheRead, cacheWrite } = prices;
  return {
    cost: {
      input: dollars(input),
      output: dollars(output),
      cache_read: dollars(cacheRead),
      ...(cacheWrite === null ? {} : { cache_write: dollars(cacheWrite) }),
    },
  };
}

function dollars(microUsd: number): number {
  return microUsd / 1_000_000;
}

/** The kinds of tools that a role may have, and opencode's permissions of each. */
const PERMISSIONS: { readonly [kind: string]: readonly string[] } = {
  read: ["read"],
  search: ["glob", "grep", "list"],
  execute: ["bash"],
};

/**
 * What it would have to ask a person for ends the session: each permission is given or withheld. A role that edits
 * nothing still writes its result.
 */
function permissions({
  briefing,
  resultFile,
  workTree,
}: Pick<HarnessSession, "briefing" | "resultFile" | "workTree">): Record<string, unknown> {
  const { tools } = briefing.role;
  const withheld = tools.length === 0 ? [] : Object.keys(PERMISSIONS).filter((kind) => !tools.includes(kind));
  const denied = withheld.flatMap((kind) => PERMISSIONS[kind] ?? []);
  const mayEdit = tools.length === 0 || tools.includes("edit");
  return {
    "*": "allow",
    external_directory: "allow",
    doom_loop: "allow",
    // Pages from elsewhere are no part of any role.
    webfetch: "deny",
    websearch: "deny",
    ...Object.fromEntries(denied.map((name) => [name, "deny"])),
    ...(mayEdit ? {} : { edit: { "*": "deny", [relative(workTree, resultFile)]: "allow" } }),
  };
}

function serversOf({ mcpServers }: Pick<HarnessSession, "mcpServers">): Record<string, unknown> {
  return Object.fromEntries(
    mcpServers.map(({ name, command, env }) => [
      name,
      { type: "local", command, environment: env, enabled: true },
    ]),
  );
}
