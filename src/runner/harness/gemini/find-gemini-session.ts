import { readdir } from "node:fs/promises";
import { join } from "node:path";
import type { HarnessSession } from "../harness.ts";

/**
 * The file of the session that this one goes on with, where it lies in the session's home; else null. Gemini CLI keeps
 * sessions by the path of the work tree, which is another one on another machine.
 */
export async function findGeminiSession({
  briefing,
  homeDir,
}: Pick<HarnessSession, "briefing" | "homeDir">): Promise<string | null> {
  const sessionId = briefing.resume?.harness === "gemini" ? briefing.resume.sessionId : null;
  // The name of its file ends with the id's first part.
  const [part] = sessionId?.split("-") ?? [];
  if (part === undefined || part === "") return null;
  const root = join(homeDir, ".gemini", "tmp");
  for (const project of await readdir(root).catch(() => [])) {
    const chats = join(root, project, "chats");
    const files = await readdir(chats).catch(() => []);
    const found = files.find((file) => file.startsWith("session-") && file.includes(part));
    if (found !== undefined) return join(chats, found);
  }
  return null;
}
