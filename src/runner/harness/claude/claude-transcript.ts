import { access } from "node:fs/promises";
import { join } from "node:path";

type Place = { readonly homeDir: string; readonly workTree: string };

/** The program keeps sessions by the directory that it worked in, whose path it writes with dashes. */
export function placeOfClaudeTranscript({ homeDir, workTree }: Place, sessionId: string): string {
  return join(homeDir, ".claude/projects", workTree.replace(/[^a-zA-Z0-9]/g, "-"), `${sessionId}.jsonl`);
}

/** The transcript of a session, or null when there is none. */
export async function findClaudeTranscript(place: Place, sessionId: string): Promise<string | null> {
  const file = placeOfClaudeTranscript(place, sessionId);
  return access(file).then(
    () => file,
    () => null,
  );
}
