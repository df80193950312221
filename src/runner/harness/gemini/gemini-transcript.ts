import { readdir } from "node:fs/promises";
import { join } from "node:path";
import type { HarnessSession } from "../harness.ts";

type SessionPlace = Pick<HarnessSession, "homeDir">;

/** Gemini CLI keeps sessions by a short name of the work tree's path, which is another path on another machine. */
const PROJECT = "baton";

/** Its list of short names, below the session's home, so that it takes this one. */
export function geminiProjects(workTree: string): Readonly<Record<string, string>> {
  return { ".gemini/projects.json": `${JSON.stringify({ projects: { [workTree]: PROJECT } })}\n` };
}

/** The file of a session; null where it was not kept. */
export async function findGeminiTranscript(
  { homeDir }: SessionPlace,
  sessionId: string,
): Promise<string | null> {
  const directory = directoryOf(homeDir);
  const files = await readdir(directory).catch(() => []);
  const file = files.find((name) => name.endsWith(endOf(sessionId)));
  return file === undefined ? null : join(directory, file);
}

export function placeOfGeminiTranscript({ homeDir }: SessionPlace, sessionId: string): string {
  return join(directoryOf(homeDir), `session-1970-01-01T00-00-${endOf(sessionId)}`);
}

function directoryOf(homeDir: string): string {
  return join(homeDir, ".gemini", "tmp", PROJECT, "chats");
}

/** A file has the beginning of its session's id at its name's end. */
function endOf(sessionId: string): string {
  return `${sessionId.slice(0, 8).replace(/[^\w-]/g, "_")}.jsonl`;
}
