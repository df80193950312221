import type { SessionError, SessionEvent } from "../../../contract/session-event.ts";
import type { Usage } from "../../../contract/usage.ts";
import type { CliExit, CliParser, ReadLine } from "../cli-adapter.ts";
import { describeCall } from "../describe-call.ts";
import { endedSilently } from "../ended-silently.ts";
import type { SessionEnd } from "../harness.ts";
import { modelFailure } from "../model-failure.ts";
import { readJsonLine } from "../read-json-line.ts";
import { isMereLog, wordsOfFailedRequest } from "./failed-request.ts";
import { BROKE_OFF, gaveUp, isUnpaid, MAX_FAILURES, mayPass } from "./give-up.ts";
import { OpencodeLine } from "./opencode-line.ts";
import { OPENCODE_TOOLS } from "./opencode-tools.ts";

type Line<Type extends OpencodeLine["type"]> = Extract<OpencodeLine, { type: Type }>;

export type OpencodeState = {
  readonly sessionId: string | null;
  /** The words of the step that is under way, or of the last one. */
  readonly words: string;
  /** Why its last step ended; null while one is under way. */
  readonly reason: string | null;
  readonly error: SessionError | null;
  readonly steps: number;
  readonly usage: Usage | null;
  readonly denials: readonly string[];
  /** Requests in a row that came to nothing, and what the last of them said. */
  readonly failures: number;
  readonly lastFailure: string;
  /** How often the session was too long for the model, since a tool was used last. */
  readonly overflows: number;
};

/** It makes the session shorter and goes on, and does so without end where that does not help. */
const MAX_OVERFLOWS = 3;

export const OPENCODE_PARSER: CliParser<OpencodeState> = {
  initial: {
    sessionId: null,
    words: "",
    reason: null,
    error: null,
    steps: 0,
    usage: null,
    denials: [],
    failures: 0,
    lastFailure: "",
    overflows: 0,
  },
  read(state, text) {
    const line = readJsonLine(text, OpencodeLine);
    if (line === null) return { state, events: [] };
    return readLine({ ...state, sessionId: line.sessionID }, line);
  },
  readError,
  isHopeless,
  finish,
};

function readLine(state: OpencodeState, line: OpencodeLine): ReadLine<OpencodeState> {
  switch (line.type) {
    case "step_start":
      return readStart(state);
    case "text":
      return readText(state, line);
    case "reasoning":
      return { state, events: [{ type: "thought", text: line.part.text }] };
    case "tool_use":
      return readTool(state, line);
    case "step_finish":
      return readFinish(state, line);
    case "error":
      return { state: { ...state, error: errorOf(line) }, events: [] };
  }
}

/** A step that begins before the last one ended is that one again: its answer broke off, and nothing else says so. */
function readStart(state: OpencodeState): ReadLine<OpencodeState> {
  const begun = { ...state, words: "", reason: null, steps: state.steps + 1 };
  if (state.steps === 0 || state.reason !== null) return { state: begun, events: [] };
  return countFailure({ ...begun, steps: state.steps }, BROKE_OFF);
}

function countFailure(state: OpencodeState, lastFailure: string): ReadLine<OpencodeState> {
  const failures = state.failures + 1;
  const overflows = state.overflows + (modelFailure(null, lastFailure).class === "context" ? 1 : 0);
  const event: SessionEvent = {
    type: "retry",
    attempt: failures,
    max: MAX_FAILURES - 1,
    delayMs: null,
    httpStatus: null,
  };
  const counted = { ...state, failures, lastFailure, overflows };
  return { state: counted, events: mayPass(lastFailure) && !isHopeless(counted) ? [event] : [] };
}

function readText(state: OpencodeState, { part }: Line<"text">): ReadLine<OpencodeState> {
  return {
    state: { ...state, words: state.words === "" ? part.text : `${state.words}\n\n${part.text}` },
    events: [{ type: "message", role: "assistant", text: part.text, messageId: part.messageID }],
  };
}

/** Calls are told when they are over, with what came of them. */
function readTool(state: OpencodeState, { part }: Line<"tool_use">): ReadLine<OpencodeState> {
  const { callID: id } = part;
  const { input, output, error, metadata, status } = part.state;
  const isDenied = isDenial(part);
  const name = isDenied && typeof input["tool"] === "string" ? input["tool"] : part.tool;
  const call = describeCall(OPENCODE_TOOLS, name, input);
  const events: SessionEvent[] = [
    { type: "tool_call", id, name, ...call, input },
    {
      type: "tool_result",
      id,
      status: isDenied ? "denied" : status === "completed" ? "completed" : "failed",
      output: error ?? output,
      exitCode: metadata.exit ?? null,
      diff: metadata.diff ?? null,
    },
  ];
  const used = { ...state, overflows: 0 };
  if (!isDenied) return { state: used, events };
  return { state: { ...used, denials: [...state.denials, `${call.title}: ${DENIED}`] }, events };
}

const DENIED = "The role has no such tool.";

/** A tool that is withheld is not offered to the model: what calls it all the same is told so by the tool `invalid`. */
function isDenial({ tool, state }: Line<"tool_use">["part"]): boolean {
  if (tool === "invalid") return state.output.includes("unavailable tool");
  return /specified a rule which prevents|rejected permission/.test(state.error ?? "");
}

function readFinish(state: OpencodeState, { part }: Line<"step_finish">): ReadLine<OpencodeState> {
  const { input, output, reasoning, cache } = part.tokens;
  const usage: Usage = {
    model: null,
    inputTokens: input + cache.read + cache.write,
    cacheReadInputTokens: cache.read,
    cacheCreationInputTokens: cache.write,
    outputTokens: output + reasoning,
    reasoningOutputTokens: reasoning,
    // It has no prices but those that it is given, and it is given none.
    costMicroUsd: part.cost === 0 ? null : Math.round(part.cost * 1_000_000),
  };
  return {
    state: { ...state, reason: part.reason, failures: 0, usage: addUsage(state.usage, usage) },
    events: [{ type: "usage", usage }],
  };
}

function addUsage(one: Usage | null, other: Usage): Usage {
  if (one === null) return other;
  return {
    model: null,
    inputTokens: one.inputTokens + other.inputTokens,
    cacheReadInputTokens: one.cacheReadInputTokens + other.cacheReadInputTokens,
    cacheCreationInputTokens: one.cacheCreationInputTokens + other.cacheCreationInputTokens,
    outputTokens: one.outputTokens + other.outputTokens,
    reasoningOutputTokens: (one.reasoningOutputTokens ?? 0) + (other.reasoningOutputTokens ?? 0),
    costMicroUsd:
      one.costMicroUsd === null && other.costMicroUsd === null
        ? null
        : (one.costMicroUsd ?? 0) + (other.costMicroUsd ?? 0),
  };
}

function errorOf({ error }: Line<"error">): SessionError {
  const { message = error.name, statusCode, responseBody = "" } = error.data;
  if (error.name === "MessageOutputLengthError") return CUT_SHORT;
  const failure = modelFailure(statusCode ?? null, message);
  // The words may be the provider's status line only, and the kind of the failure stand in the body.
  const kind = modelFailure(statusCode ?? null, `${message} ${responseBody}`);
  return { ...kind, message: kind.class === failure.class ? failure.message : kind.message };
}

/** With its log on, it tells there of requests that failed, and nowhere else. */
function readError(state: OpencodeState, line: string): ReadLine<OpencodeState> | null {
  const words = wordsOfFailedRequest(line);
  if (words !== null) return countFailure(state, words);
  return isMereLog(line) ? { state, events: [] } : null;
}

function isHopeless({ failures, lastFailure, overflows }: OpencodeState): boolean {
  if (failures >= MAX_FAILURES || overflows >= MAX_OVERFLOWS) return true;
  return failures > 0 && isUnpaid(lastFailure);
}

const CUT_SHORT: SessionError = {
  class: "context",
  httpStatus: null,
  message: "The model's answer was cut short by the limit of its length.",
  retryable: false,
};

const REFUSED: SessionError = {
  class: "unknown",
  httpStatus: null,
  message: "The model refused to go on.",
  retryable: false,
};

function finish(state: OpencodeState, exit: CliExit): SessionEnd {
  const error = errorAtEnd(state, exit);
  return {
    exitCode: exit.exitCode,
    signal: exit.signal,
    stopReason: error === null ? "end_turn" : stopReasonOf(error),
    error: error === "silent" ? endedSilently("opencode", exit) : error,
    isTruncated: error === "silent",
    resultText: state.words === "" ? null : state.words,
    structuredOutput: null,
    usage: state.usage,
    modelRequests: state.steps === 0 ? null : state.steps,
    permissionDenials: state.denials,
    sessionId: state.sessionId,
  };
}

/** It has no last event: a step that ends for good is its last word. */
function errorAtEnd(state: OpencodeState, { exitCode }: CliExit): SessionError | "silent" | null {
  // Before its own error: who is given up is stopped, and may say that it was.
  if (isHopeless(state)) return gaveUp(state.lastFailure);
  if (state.error !== null) return state.error;
  if (state.reason === "length") return CUT_SHORT;
  if (state.reason === "content-filter") return REFUSED;
  return state.reason === "stop" && exitCode === 0 ? null : "silent";
}

function stopReasonOf(error: SessionError | "silent"): SessionEnd["stopReason"] {
  if (error === CUT_SHORT) return "max_tokens";
  return error === REFUSED ? "refusal" : "error";
}
