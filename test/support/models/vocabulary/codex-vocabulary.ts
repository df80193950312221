import type { Vocabulary } from "../script.ts";

/** Codex writes by patches, and reads by the shell. */
export const codexVocabulary: Vocabulary = (wish) => {
  if ("write" in wish) {
    const lines = wish.content.replace(/\n$/, "").split("\n");
    const added = lines.map((line) => `+${line}\n`).join("");
    const input = `*** Begin Patch\n*** Add File: ${wish.write}\n${added}*** End Patch\n`;
    return { name: "apply_patch", input };
  }
  if ("read" in wish) return { name: "exec_command", input: { cmd: `cat -- '${wish.read}'` } };
  if ("shell" in wish) return { name: "exec_command", input: { cmd: wish.shell } };
  return { namespace: `mcp__${wish.mcp}`, name: wish.tool, input: wish.input };
};
