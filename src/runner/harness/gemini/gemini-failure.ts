import { z } from "zod";
import type { SessionError } from "../../../contract/session-event.ts";
import { modelFailure } from "../model-failure.ts";

const ApiError = z.object({ error: z.object({ code: z.number().int(), message: z.string() }) });

/** It exits with the HTTP status, of which a process's exit code keeps the last eight bits. */
const STATUSES = [400, 401, 402, 403, 404, 408, 413, 429, 500, 502, 503, 504];

/** What Gemini CLI's last error says about the model: the provider's answer, or the exit code where that is lost. */
export function geminiFailure(message: string, exitCode: number | null): SessionError {
  const answer = readApiError(message);
  if (answer !== null) return modelFailure(answer.code, answer.message);
  const status = STATUSES.find((each) => each % 256 === exitCode) ?? null;
  return modelFailure(status, plain(message));
}

/** `[API Error: …]` has the provider's JSON in it, or only its words. */
function readApiError(message: string): { readonly code: number; readonly message: string } | null {
  const json = /\{.*\}/s.exec(message)?.[0];
  if (json === undefined) return null;
  try {
    const parsed = ApiError.safeParse(JSON.parse(json));
    return parsed.success ? parsed.data.error : null;
  } catch {
    return null;
  }
}

function plain(message: string): string {
  return message.split("\n")[0]?.replace(/^\[API Error: (.*)\]$/, "$1") ?? message;
}
