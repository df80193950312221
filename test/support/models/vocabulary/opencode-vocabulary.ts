import { join } from "node:path";
import type { Vocabulary } from "../script.ts";

export const opencodeVocabulary: Vocabulary = (wish, { workTree, offered }) => {
  if ("write" in wish) {
    // Some of OpenAI's models are offered no other tool to edit with.
    if (offered.includes("apply_patch")) {
      return { name: "apply_patch", input: { patchText: patchThatAdds(wish.write, wish.content) } };
    }
    return { name: "write", input: { filePath: join(workTree, wish.write), content: wish.content } };
  }
  if ("read" in wish) return { name: "read", input: { filePath: join(workTree, wish.read) } };
  if ("shell" in wish) return { name: "bash", input: { command: wish.shell, description: "Runs it" } };
  return { name: `${wish.mcp}_${wish.tool}`, input: wish.input };
};

function patchThatAdds(path: string, content: string): string {
  const lines = content.replace(/\n$/, "").split("\n");
  const added = lines.map((line) => `+${line}`);
  return ["*** Begin Patch", `*** Add File: ${path}`, ...added, "*** End Patch"].join("\n");
}
