import type { SessionError } from "../../contract/session-event.ts";
import type { AgentResult } from "./agent-result.ts";
import type { CliExit } from "./cli-adapter.ts";
import { endedSilently } from "./ended-silently.ts";
import type { SessionEnd } from "./harness.ts";

/** What nobody told. */
const SILENT: SessionEnd = {
  exitCode: null,
  signal: null,
  stopReason: "end_turn",
  error: null,
  isTruncated: false,
  resultText: null,
  structuredOutput: null,
  usage: null,
  modelRequests: null,
  permissionDenials: [],
  sessionId: null,
};

/** The end of a session of which no more is known than the result that it wrote. */
export function endOfResult(result: AgentResult): SessionEnd {
  return { ...SILENT, resultText: result.summary, usage: result.usage ?? null };
}

/** The end of a session of which no more is known than why it failed: one sentence for a person. */
export function endOfFailed(
  message: string,
  told: { readonly class?: SessionError["class"]; readonly isTruncated?: boolean } = {},
): SessionEnd {
  return {
    ...SILENT,
    stopReason: "error",
    error: { class: told.class ?? "unknown", httpStatus: null, message, retryable: false },
    isTruncated: told.isTruncated ?? false,
  };
}

/** The end of a session whose program ended without saying how its work went, whatever its exit code. */
export function endOfTruncated(program: string, exit: CliExit): SessionEnd {
  const { exitCode, signal } = exit;
  return {
    ...SILENT,
    exitCode,
    signal,
    stopReason: "error",
    error: endedSilently(program, exit),
    isTruncated: true,
  };
}
