import { join } from "node:path";
import type { Vocabulary } from "../script.ts";

export const claudeVocabulary: Vocabulary = (wish, { workTree }) => {
  if ("write" in wish) {
    return { name: "Write", input: { file_path: join(workTree, wish.write), content: wish.content } };
  }
  if ("read" in wish) return { name: "Read", input: { file_path: join(workTree, wish.read) } };
  if ("shell" in wish) return { name: "Bash", input: { command: wish.shell, description: "Runs it" } };
  return { name: `mcp__${wish.mcp}__${wish.tool}`, input: wish.input };
};
