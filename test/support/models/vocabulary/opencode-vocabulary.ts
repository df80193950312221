import { join } from "node:path";
import type { Vocabulary } from "../script.ts";

export const opencodeVocabulary: Vocabulary = (wish, { workTree }) => {
  if ("write" in wish) {
    return { name: "write", input: { filePath: join(workTree, wish.write), content: wish.content } };
  }
  if ("read" in wish) return { name: "read", input: { filePath: join(workTree, wish.read) } };
  if ("shell" in wish) return { name: "bash", input: { command: wish.shell, description: "Runs it" } };
  return { name: `${wish.mcp}_${wish.tool}`, input: wish.input };
};
