import { err, ok, type Result } from "../../base/result.ts";
import type { Briefing } from "../../contract/briefing.ts";
import { checkAgentResult, readAgentResult, type AgentResult } from "./agent-result.ts";
import type { HarnessOutcome, HarnessSession, SessionEnd } from "./harness.ts";

/** What a summary may have (AgentResult). */
const MAX_SUMMARY_CHARACTERS = 10_000;

/**
 * What an agent that has ended gives back: the file that it was asked to write, else its output by a schema, else, where
 * the stage needs no more than a summary, its last words.
 */
export async function giveBack(
  session: Pick<HarnessSession, "briefing" | "resultFile">,
  end: SessionEnd,
): Promise<HarnessOutcome> {
  if (end.error !== null) {
    return { ...end, kind: "failed", failure: "agent", summary: end.error.message };
  }
  const result = await findResult(session, end);
  if (result.ok) return { ...end, kind: "result", result: result.value };
  return { ...end, kind: "failed", failure: "report", summary: result.error };
}

async function findResult(
  { briefing, resultFile }: Pick<HarnessSession, "briefing" | "resultFile">,
  end: SessionEnd,
): Promise<Result<AgentResult, string>> {
  const written = await readAgentResult(resultFile);
  if (written !== null) return written;
  if (end.structuredOutput !== null) return checkAgentResult(withoutNulls(end.structuredOutput));
  const lastWords = end.resultText?.trim() ?? "";
  if (needsOnlySummary(briefing) && lastWords !== "") {
    return ok({ summary: lastWords.slice(0, MAX_SUMMARY_CHARACTERS) });
  }
  return err("The agent ended without writing its result to $BATON_RESULT.");
}

function needsOnlySummary({ stage }: Briefing): boolean {
  return stage === "test" || stage === "implement";
}

/** A schema that some providers take has no optional keys: what is left out there is null. */
function withoutNulls(value: unknown): unknown {
  if (typeof value !== "object" || value === null || Array.isArray(value)) return value;
  return Object.fromEntries(Object.entries(value).filter(([, item]) => item !== null));
}
