import { dirname } from "node:path";
import type { HarnessSession, ReadyMcpServer } from "../harness.ts";

/** The variable that the program takes the model's key from; its tools are not given it. */
export const KEY_VARIABLE = "BATON_MODEL_KEY";

export type CodexSandbox = "read-only" | "workspace-write" | "danger-full-access";

/** The program's `config.toml`: all that it may do, and where its model is. */
export function codexConfig(
  session: Pick<HarnessSession, "model" | "homeDir" | "resultFile" | "mcpServers">,
  sandbox: CodexSandbox,
): string {
  const { model, homeDir, resultFile } = session;
  const tables: readonly (readonly [string, Table])[] = [
    ["analytics", { enabled: false }],
    ["history", { persistence: "none" }],
    // Loopback too is network for it, and tests need that: what a session may reach is for Baton's sandbox to say.
    ["sandbox_workspace_write", { network_access: true, writable_roots: [homeDir, dirname(resultFile)] }],
    ["shell_environment_policy", { inherit: "all", exclude: [KEY_VARIABLE] }],
    ...(model === null ? [] : [["model_providers.baton", providerOf(model.baseUrl)] as const]),
    ...session.mcpServers.flatMap(tablesOfServer),
  ];
  return [
    ...linesOf({
      ...(model === null ? {} : { model_provider: "baton" }),
      approval_policy: "never",
      sandbox_mode: sandbox,
      check_for_update_on_startup: false,
      // The checkout's instructions: the base branch's are in the program's own home.
      project_doc_max_bytes: 0,
    }),
    ...tables.flatMap(([name, table]) => ["", `[${name}]`, ...linesOf(table)]),
    "",
  ].join("\n");
}

type Table = Readonly<Record<string, string | number | boolean | readonly string[]>>;

/** What is wrong for a moment is asked again about this often; what stays wrong is for the next attempt. */
const MAX_RETRIES = 4;

function providerOf(baseUrl: string): Table {
  return {
    name: "Baton",
    base_url: `${baseUrl}/v1`,
    env_key: KEY_VARIABLE,
    wire_api: "responses",
    request_max_retries: MAX_RETRIES,
    stream_max_retries: MAX_RETRIES,
  };
}

function tablesOfServer({ name, command, env }: ReadyMcpServer): readonly (readonly [string, Table])[] {
  const [program, ...args] = command;
  const key = `mcp_servers.${JSON.stringify(name)}`;
  const server = { command: program, args, default_tools_approval_mode: "approve" };
  return [[key, server], ...(Object.keys(env).length === 0 ? [] : [[`${key}.env`, env] as const])];
}

/** A text or list in JSON is one in TOML. */
function linesOf(table: Table): readonly string[] {
  return Object.entries(table).map(([key, value]) => `${key} = ${JSON.stringify(value)}`);
}
