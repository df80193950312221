import type { SessionError, SessionEvent } from "../../../contract/session-event.ts";
import type { Usage } from "../../../contract/usage.ts";
import type { CliExit, CliParser, ReadLine } from "../cli-adapter.ts";
import { describeCall } from "../describe-call.ts";
import { endedSilently, lastLineOf } from "../ended-silently.ts";
import type { SessionEnd } from "../harness.ts";
import { readJsonLine } from "../read-json-line.ts";
import { geminiFailure } from "./gemini-failure.ts";
import { GeminiLine } from "./gemini-line.ts";
import { GEMINI_TOOLS } from "./gemini-tools.ts";

type Line<Type extends GeminiLine["type"]> = Extract<GeminiLine, { type: Type }>;

export type GeminiState = {
  readonly sessionId: string | null;
  /** Words of a message that may go on. */
  readonly words: string;
  readonly lastMessage: string | null;
  /** Titles of the calls that have no result yet, by their ids. */
  readonly calls: ReadonlyMap<string, string>;
  readonly denials: readonly string[];
  readonly error: string | null;
  readonly result: Line<"result"> | null;
};

/** What an error means that is a refusal by the policy which we gave it. */
const DENIED: ReadonlySet<string> = new Set(["policy_violation", "tool_not_registered"]);

export const GEMINI_PARSER: CliParser<GeminiState> = {
  initial: {
    sessionId: null,
    words: "",
    lastMessage: null,
    calls: new Map(),
    denials: [],
    error: null,
    result: null,
  },
  read(state, text) {
    const line = readJsonLine(text, GeminiLine);
    if (line === null) return { state, events: [] };
    if (line.type === "message") return readMessage(state, line);
    const spoken = endMessage(state);
    const read = readOther(spoken.state, line);
    return { state: read.state, events: [...spoken.events, ...read.events] };
  },
  readError,
  finish,
};

/** Its own words come in pieces: they are one message until something else comes. */
function readMessage(state: GeminiState, { role, content }: Line<"message">): ReadLine<GeminiState> {
  return { state: role === "assistant" ? { ...state, words: state.words + content } : state, events: [] };
}

function endMessage(state: GeminiState): ReadLine<GeminiState> {
  const { words: text } = state;
  if (text === "") return { state, events: [] };
  return {
    state: { ...state, words: "", lastMessage: text },
    events: [{ type: "message", role: "assistant", text, messageId: null }],
  };
}

function readOther(
  state: GeminiState,
  line: Exclude<GeminiLine, { type: "message" }>,
): ReadLine<GeminiState> {
  switch (line.type) {
    case "init":
      return { state: { ...state, sessionId: line.session_id }, events: [] };
    case "tool_use":
      return readCall(state, line);
    case "tool_result":
      return readResult(state, line);
    case "error":
      return {
        state: line.severity === "error" ? { ...state, error: line.message } : state,
        events: [
          { type: "notice", level: line.severity === "error" ? "error" : "warning", text: line.message },
        ],
      };
    case "result":
      return { state: { ...state, result: line }, events: [] };
  }
}

function readCall(state: GeminiState, line: Line<"tool_use">): ReadLine<GeminiState> {
  const { tool_id: id, tool_name: name, parameters: input } = line;
  const tool = describeCall(GEMINI_TOOLS, name, input);
  return {
    state: { ...state, calls: new Map(state.calls).set(id, tool.title) },
    events: [{ type: "tool_call", id, name, ...tool, input }],
  };
}

/** A shell's exit code is told to the model only: what failed there reads as a success here. */
function readResult(state: GeminiState, line: Line<"tool_result">): ReadLine<GeminiState> {
  const { tool_id: id, error } = line;
  const isDenied = error !== undefined && DENIED.has(error.type);
  const calls = new Map(state.calls);
  const title = calls.get(id) ?? id;
  calls.delete(id);
  const status = line.status === "success" ? "completed" : isDenied ? "denied" : "failed";
  const output = line.output === "" ? (error?.message ?? "") : line.output;
  return {
    state: { ...state, calls, denials: isDenied ? [...state.denials, `${title}: ${output}`] : state.denials },
    events: [{ type: "tool_result", id, status, output, exitCode: null, diff: null }],
  };
}

const RETRY = /^Attempt (\d+) failed(?: with status (\d+))?.* Retrying with backoff/;

/** Of a failed request only the retry is told; the stack that follows says nothing to anybody here. */
function readError(state: GeminiState, line: string): ReadLine<GeminiState> | null {
  const retry = RETRY.exec(line);
  if (retry !== null) {
    const [, attempt, status] = retry;
    const event: SessionEvent = {
      type: "retry",
      attempt: Number(attempt),
      max: null,
      delayMs: null,
      httpStatus: status === undefined ? null : Number(status),
    };
    return { state, events: [event] };
  }
  return isNoise(line) ? { state, events: [] } : null;
}

/** What standard output tells too, or what is of no use to anybody who was not there. */
const NOISE: readonly RegExp[] = [
  /^\s+(?:at |status: \d|\[?cause|code: |retryDelayMs)/,
  /^[{}\s]*$/,
  /^YOLO mode is enabled/,
  /^Warning: 256-color/,
  /^Error (?:executing tool|when talking to Gemini API) /,
  /^Attempt \d+ failed: .* Max attempts reached/,
];

function isNoise(line: string): boolean {
  return NOISE.some((pattern) => pattern.test(line));
}

function finish(state: GeminiState, exit: CliExit): SessionEnd {
  const { result } = state;
  const error = errorOf(state, exit);
  return {
    exitCode: exit.exitCode,
    signal: exit.signal,
    stopReason: error === null ? "end_turn" : isTurnLimit(state, exit) ? "max_turn_requests" : "error",
    error,
    isTruncated: result === null && !isTurnLimit(state, exit) && exit.exitCode !== INVALID_INPUT,
    resultText: state.words === "" ? state.lastMessage : state.words,
    structuredOutput: null,
    usage: usageOf(result),
    modelRequests: null,
    permissionDenials: state.denials,
    sessionId: state.sessionId,
  };
}

/** Documented as exit codes: https://geminicli.com/docs/cli/headless/ */
const INVALID_INPUT = 42;
const TURN_LIMIT = 53;

function isTurnLimit({ result }: GeminiState, { exitCode }: CliExit): boolean {
  return exitCode === TURN_LIMIT || result?.error?.type === "FatalTurnLimitedError";
}

function errorOf(state: GeminiState, exit: CliExit): SessionError | null {
  const { result } = state;
  if (isTurnLimit(state, exit)) {
    return failed("unknown", "The agent used up the number of turns that it was given.");
  }
  if (result === null) return endedWithoutResult(exit);
  if (result.status === "success") return null;
  const message = result.error?.message ?? state.error;
  return message === null
    ? failed("unknown", "Gemini CLI said that it failed, and not why.")
    : geminiFailure(message, exit.exitCode);
}

function endedWithoutResult(exit: CliExit): SessionError {
  if (exit.exitCode !== INVALID_INPUT) return endedSilently("Gemini CLI", exit);
  return failed("config", `Gemini CLI did not take what it was given: ${lastLineOf(exit.stderr)}`);
}

function failed(errorClass: SessionError["class"], message: string): SessionError {
  return { class: errorClass, httpStatus: null, message, retryable: false };
}

/** What is not in the answer's tokens was thought. */
function usageOf(result: Line<"result"> | null): Usage | null {
  if (result?.stats === undefined) return null;
  const { input_tokens: input, output_tokens: output, total_tokens: total, cached, models } = result.stats;
  const used = Object.entries(models).filter(([, counts]) => counts.total_tokens > 0);
  const [only] = used;
  const reasoning = Math.max(0, total - input - output);
  return {
    model: used.length === 1 && only !== undefined && /^[\w.:/@+-]{1,200}$/.test(only[0]) ? only[0] : null,
    inputTokens: input,
    cacheReadInputTokens: Math.min(cached, input),
    cacheCreationInputTokens: 0,
    outputTokens: output + reasoning,
    reasoningOutputTokens: reasoning,
    costMicroUsd: null,
  };
}
