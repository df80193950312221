import { expect, test } from "vitest";
import { agentConfigurationRoot } from "./agent-configuration.ts";

test.each([
  [".claude/settings.json", ".claude"],
  ["packages/a/.claude/hooks/x.sh", "packages/a/.claude"],
  [".opencode/plugin/evil.js", ".opencode"],
  [".Codex/config.toml", ".Codex"],
  [".mcp.json", ".mcp.json"],
  ["packages/a/AGENTS.md", "packages/a/AGENTS.md"],
  ["claude.md", "claude.md"],
  [".vscode/tasks.json", ".vscode"],
  [".github/copilot-instructions.md", ".github/copilot-instructions.md"],
  [".github/instructions/all.instructions.md", ".github/instructions"],
])("%s steers agent programs", (path, root) => {
  expect(agentConfigurationRoot(path)).toBe(root);
});

test.each([
  "src/claude.ts",
  "docs/claude/settings.json",
  "AGENTS.md/readme",
  "src/.claudette/x",
  "mcp.json",
  "src/agents/a.ts",
])("%s does not", (path) => {
  expect(agentConfigurationRoot(path)).toBeNull();
});
