/**
 * Files by which a checkout steers an agent program or has it execute something: settings with hooks and plugins,
 * tool servers, standing instructions. Matched in every directory, since the programs look upwards and downwards.
 * Claude runs hooks and servers of a checkout's settings and can be sent to another API address by them; opencode
 * executes `.opencode/plugin/*.js` whatever its flags.
 */
const DIRECTORIES: ReadonlySet<string> = new Set([
  ".agents",
  ".aider",
  ".claude",
  ".claude-plugin",
  ".clinerules",
  ".codex",
  ".continue",
  ".cursor",
  ".gemini",
  ".opencode",
  ".roo",
  ".windsurf",
]);

const FILES: ReadonlySet<string> = new Set([
  ".aider.conf.yml",
  ".cursorrules",
  ".envrc",
  ".mcp.json",
  ".windsurfrules",
  "agents.md",
  "agents.override.md",
  "claude.local.md",
  "claude.md",
  "gemini.md",
  "opencode.json",
  "opencode.jsonc",
]);

/** The part of the path that is an agent program's configuration (a file, or the directory that holds it), or null. */
export function agentConfigurationRoot(path: string): string | null {
  const segments = path.split("/");
  const index = segments.findIndex((segment, position) => {
    // Some file systems do not tell cases apart.
    const name = segment.toLowerCase();
    return DIRECTORIES.has(name) || (position === segments.length - 1 && FILES.has(name));
  });
  return index === -1 ? null : segments.slice(0, index + 1).join("/");
}

export function isAgentConfiguration(path: string): boolean {
  return agentConfigurationRoot(path) !== null;
}
