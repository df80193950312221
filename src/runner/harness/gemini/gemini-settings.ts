import type { HarnessSession } from "../harness.ts";

/** With its pauses about half a minute: longer outages are the server's to wait out. */
const MAX_ATTEMPTS = 4;

/** Gemini CLI's own settings, for its `~/.gemini/settings.json`. */
export function geminiSettings(
  session: Pick<HarnessSession, "briefing" | "mcpServers">,
): Record<string, unknown> {
  const { maxTurns } = session.briefing.limits;
  return {
    security: { auth: { selectedType: "gemini-api-key" } },
    general: {
      enableAutoUpdate: false,
      enableAutoUpdateNotification: false,
      maxAttempts: MAX_ATTEMPTS,
    },
    privacy: { usageStatisticsEnabled: false },
    telemetry: { enabled: false },
    // A .env of the checkout would set variables of the program itself, such as its system prompt.
    advanced: { ignoreLocalEnv: true },
    ...(maxTurns === null ? {} : { model: { maxSessionTurns: maxTurns } }),
    mcpServers: serversOf(session),
  };
}

/** It hands servers no variable whose name looks like a secret's but those that are named. */
function serversOf({ mcpServers }: Pick<HarnessSession, "mcpServers">): Record<string, unknown> {
  return Object.fromEntries(
    mcpServers.map(({ name, command: [command, ...args], env }) => [
      name,
      {
        command,
        args,
        // A value might have a $ in it, which it would take for a variable.
        env: Object.fromEntries(Object.keys(env).map((each) => [each, `$${each}`])),
        trust: true,
      },
    ]),
  );
}

/** The kinds of tools that a role may have, and Gemini CLI's own tools of each. */
const TOOLS: { readonly [kind: string]: readonly string[] } = {
  read: ["read_file", "read_many_files"],
  search: ["list_directory", "glob", "grep_search"],
  execute: ["run_shell_command", "list_background_processes", "read_background_output"],
};

const EDITING = ["write_file", "replace"];

/** Google would open pages for it, past every limit of the session's network; the others need a person. */
const NEVER = ["web_fetch", "google_web_search", "enter_plan_mode", "ask_user"];

/**
 * The rules by which Gemini CLI refuses what the role has no tools for, for its `~/.gemini/policies`. A role that edits
 * nothing still writes its result.
 */
export function geminiPolicy({
  briefing,
  resultFile,
}: Pick<HarnessSession, "briefing" | "resultFile">): string {
  const { tools } = briefing.role;
  const withheld = tools.length === 0 ? [] : Object.keys(TOOLS).filter((kind) => !tools.includes(kind));
  const rules = [rule([...NEVER, ...withheld.flatMap((kind) => TOOLS[kind] ?? [])])];
  if (tools.length > 0 && !tools.includes("edit")) {
    const file = JSON.stringify(resultFile)
      .slice(1, -1)
      .replace(/[.*+?^${}()|[\]\\]/g, "\\$&");
    rules.push(rule(EDITING, `argsPattern = '"file_path":"(?!${file}")'`));
  }
  return rules.join("\n");
}

function rule(tools: readonly string[], ...more: readonly string[]): string {
  const lines = [
    "[[rule]]",
    `toolName = ${JSON.stringify(tools)}`,
    ...more,
    'decision = "deny"',
    "priority = 999",
    'denyMessage = "The role has no such tool."',
  ];
  return `${lines.join("\n")}\n`;
}
