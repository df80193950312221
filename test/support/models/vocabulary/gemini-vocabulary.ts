import { join } from "node:path";
import type { Vocabulary } from "../script.ts";

export const geminiVocabulary: Vocabulary = (wish, { workTree }) => {
  if ("write" in wish) {
    return { name: "write_file", input: { file_path: join(workTree, wish.write), content: wish.content } };
  }
  if ("read" in wish) return { name: "read_file", input: { file_path: join(workTree, wish.read) } };
  if ("shell" in wish) {
    return { name: "run_shell_command", input: { command: wish.shell, description: "Runs it" } };
  }
  return { name: `mcp_${wish.mcp}_${wish.tool}`, input: wish.input };
};
