import { readdir, readFile } from "node:fs/promises";
import { join } from "node:path";
import { z } from "zod";
import { readJsonLine } from "../read-json-line.ts";
import { CodexUsage } from "./codex-line.ts";

/** Where the program looks for a thread's transcript, by the id at the end of the file's name alone. */
const SESSIONS_DIR = ".codex/sessions";

/** The transcript of a thread, or null when there is none. */
export async function findCodexTranscript(homeDir: string, threadId: string): Promise<string | null> {
  const directory = join(homeDir, SESSIONS_DIR);
  const files = await readdir(directory, { recursive: true }).catch(() => []);
  const name = files.find((file) => file.endsWith(`-${threadId}.jsonl`));
  return name === undefined ? null : join(directory, name);
}

/** Where a transcript from another machine is found by the program. */
export function placeOfCodexTranscript(homeDir: string, threadId: string): string {
  return join(homeDir, SESSIONS_DIR, `2026/01/01/rollout-2026-01-01T00-00-00-${threadId}.jsonl`);
}

const TokenCount = z.object({
  type: z.literal("event_msg"),
  payload: z.object({
    type: z.literal("token_count"),
    info: z.object({ total_token_usage: CodexUsage }),
  }),
});

/** What a thread had used when its transcript was written; null where it does not say. */
export async function usageInCodexTranscript(file: string): Promise<CodexUsage | null> {
  const lines = (await readFile(file, "utf8")).split("\n");
  const last = lines.map((line) => readJsonLine(line, TokenCount)).findLast((found) => found !== null);
  return last?.payload.info.total_token_usage ?? null;
}
