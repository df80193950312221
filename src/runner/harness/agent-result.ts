import { constants } from "node:fs";
import { open } from "node:fs/promises";
import { z } from "zod";
import { err, ok, type Result } from "../../base/result.ts";
import { PlanDocument } from "../../contract/briefing.ts";
import { MAX_REPORT_BYTES } from "../../contract/report.ts";
import { Usage } from "../../contract/usage.ts";

/** What an agent writes to `$BATON_RESULT` before it ends. Strict: a misspelt key is told, not ignored. */
export const AgentResult = z.strictObject({
  summary: z.string().min(1).max(10_000),
  plan: PlanDocument.optional(),
  verdict: z.enum(["approve", "request-changes"]).optional(),
  question: z.string().min(1).max(10_000).optional(),
  usage: Usage.optional(),
});
export type AgentResult = z.infer<typeof AgentResult>;

/** Reads a result's text; the problem is one sentence that names the key. */
export function parseAgentResult(text: string): Result<AgentResult, string> {
  let json: unknown;
  try {
    json = JSON.parse(text);
  } catch {
    return err("The agent's result is not JSON.");
  }
  return checkAgentResult(json);
}

/** A result that came as a value; the problem is one sentence that names the key. */
export function checkAgentResult(value: unknown): Result<AgentResult, string> {
  const parsed = AgentResult.safeParse(value);
  if (parsed.success) return ok(parsed.data);
  const issue = parsed.error.issues[0];
  const key = issue?.path.join(".") ?? "";
  return err(
    `The agent's result is not valid${key === "" ? "" : ` at "${key}"`}: ${issue?.message ?? "unknown"}.`,
  );
}

/** Null when there is no file. What is not an ordinary file of text within the limit is a problem in one sentence. */
export async function readAgentResult(file: string): Promise<Result<AgentResult, string> | null> {
  const text = await readOrdinaryFile(file);
  if (text === null || !text.ok) return text;
  return parseAgentResult(text.value);
}

/** The agent chose what lies at the path: a link leads elsewhere, and a pipe would be waited for without end. */
async function readOrdinaryFile(file: string): Promise<Result<string, string> | null> {
  let handle;
  try {
    handle = await open(file, constants.O_RDONLY | constants.O_NOFOLLOW | constants.O_NONBLOCK);
  } catch (cause) {
    if (cause instanceof Error && "code" in cause && cause.code === "ENOENT") return null;
    return err("The agent's result is not an ordinary file.");
  }
  try {
    const stats = await handle.stat();
    if (!stats.isFile()) return err("The agent's result is not an ordinary file.");
    if (stats.size > MAX_REPORT_BYTES) {
      return err(`The agent's result has ${stats.size} bytes; at most ${MAX_REPORT_BYTES} are allowed.`);
    }
    return ok(new TextDecoder("utf-8", { fatal: true }).decode(await handle.readFile()));
  } catch {
    return err("The agent's result is not UTF-8 text.");
  } finally {
    await handle.close();
  }
}
