/**
 * Files by which a checkout steers an agent program or has it execute something: settings with hooks and plugins,
 * tool servers, standing instructions. Matched in every directory, since the programs look upwards and downwards.
 * Claude runs hooks and servers of a checkout's settings and can be sent to another API address by them; opencode
 * executes `.opencode/plugin/*.js` whatever its flags; editors run the tasks of a folder that is opened.
 */
const DIRECTORIES: ReadonlySet<string> = new Set([
  ".agents",
  ".aider",
  ".amazonq",
  ".augment",
  ".claude",
  ".claude-plugin",
  ".clinerules",
  ".codex",
  ".continue",
  ".crush",
  ".cursor",
  ".devcontainer",
  ".gemini",
  ".junie",
  ".kilocode",
  ".kiro",
  ".opencode",
  ".qwen",
  ".roo",
  ".trae",
  ".vscode",
  ".windsurf",
]);

const FILES: ReadonlySet<string> = new Set([
  ".aider.conf.yml",
  ".cursorrules",
  ".envrc",
  ".goosehints",
  ".mcp.json",
  ".windsurfrules",
  "agents.md",
  "agents.override.md",
  "claude.local.md",
  "claude.md",
  "copilot-instructions.md",
  "crush.md",
  "gemini.md",
  "opencode.json",
  "opencode.jsonc",
  "qwen.md",
]);

/** Of GitHub's own directory only these are for agents. */
const GITHUB_DIRECTORIES: ReadonlySet<string> = new Set(["agents", "chatmodes", "instructions", "prompts"]);

/** The part of the path that is an agent program's configuration (a file, or the directory that holds it), or null. */
export function agentConfigurationRoot(path: string): string | null {
  const segments = path.split("/");
  const index = segments.findIndex((segment, position) => {
    // Some file systems do not tell cases apart.
    const name = segment.toLowerCase();
    const isForGitHub = segments[position - 1]?.toLowerCase() === ".github" && GITHUB_DIRECTORIES.has(name);
    return DIRECTORIES.has(name) || isForGitHub || (position === segments.length - 1 && FILES.has(name));
  });
  return index === -1 ? null : segments.slice(0, index + 1).join("/");
}

export function isAgentConfiguration(path: string): boolean {
  return agentConfigurationRoot(path) !== null;
}
