import type { SessionEvent } from "../../../contract/session-event.ts";
import type { CliParser, CliState, ReadLine } from "../cli-adapter.ts";
import { readJsonLine } from "../read-json-line.ts";
import { endOfTruncated } from "../session-end.ts";
import { ClaudeLine, type ResultLine } from "./claude-line.ts";
import { CLAUDE_TITLE, endOfClaude } from "./end-of-claude.ts";
import { describeCall, kindOf } from "./claude-tools.ts";
import { unifiedDiff } from "./unified-diff.ts";

export type ClaudeState = CliState & {
  /** The tools that were called and have not answered, by the ids of their calls. */
  readonly calls: Readonly<Record<string, string>>;
  /** By how many messages the model has answered so far; each comes in parts. */
  readonly modelRequests: number;
  readonly lastMessageId: string | null;
  /** The program's word for what went wrong with its last request. */
  readonly errorName: string | null;
  readonly result: ResultLine | null;
};

export const CLAUDE_PARSER: CliParser<ClaudeState> = {
  initial: {
    sessionId: null,
    calls: {},
    modelRequests: 0,
    lastMessageId: null,
    errorName: null,
    result: null,
  },
  read(state, text) {
    const line = readJsonLine(text, ClaudeLine);
    if (line === null) return { state, events: [] };
    switch (line.type) {
      case "system":
        return line.subtype === "init"
          ? { state: { ...state, sessionId: line.session_id }, events: [] }
          : { state, events: [retryOf(line)] };
      case "assistant":
        return readAssistant(state, line);
      case "user":
        return readToolResults(state, line);
      case "result":
        return {
          state: { ...state, sessionId: line.session_id ?? state.sessionId, result: line },
          events: [],
        };
    }
  },
  finish(state, exit) {
    if (state.result === null) {
      const { sessionId, modelRequests } = state;
      return { ...endOfTruncated(CLAUDE_TITLE, exit), sessionId, modelRequests };
    }
    return endOfClaude({ ...state, result: state.result }, exit);
  },
};

type LineOf<Type> = Extract<ClaudeLine, { type: Type }>;

function retryOf(line: Extract<ClaudeLine, { subtype: "api_retry" }>): SessionEvent {
  return {
    type: "retry",
    attempt: line.attempt,
    max: line.max_retries,
    delayMs: Math.round(line.retry_delay_ms),
    httpStatus: line.error_status,
  };
}

/** The program writes a message of its own, by no model, where a request failed for good. */
const NO_MODEL = "<synthetic>";

function readAssistant(state: ClaudeState, { message, error }: LineOf<"assistant">): ReadLine<ClaudeState> {
  const calls = { ...state.calls };
  const events = message.content.flatMap((block): readonly SessionEvent[] => {
    switch (block.type) {
      case "text":
        if (message.model === NO_MODEL) return [{ type: "notice", level: "error", text: block.text }];
        return [{ type: "message", role: "assistant", text: block.text, messageId: message.id }];
      case "thinking":
        return [{ type: "thought", text: block.thinking }];
      case "tool_use": {
        const { id, name, input } = block;
        calls[id] = name;
        return [{ type: "tool_call", id, name, kind: kindOf(name), input, ...describeCall(name, input) }];
      }
      case "unknown":
        return [];
    }
  });
  const isNew = message.model !== NO_MODEL && message.id !== state.lastMessageId;
  return {
    state: {
      ...state,
      calls,
      modelRequests: state.modelRequests + (isNew ? 1 : 0),
      lastMessageId: message.id,
      errorName: error ?? null,
    },
    events,
  };
}

function readToolResults(state: ClaudeState, line: LineOf<"user">): ReadLine<ClaudeState> {
  const calls = { ...state.calls };
  const events = line.message.content.flatMap((block): readonly SessionEvent[] => {
    if (block.type !== "tool_result") return [];
    const name = calls[block.tool_use_id] ?? null;
    delete calls[block.tool_use_id];
    const output = textOf(block.content);
    return [
      {
        type: "tool_result",
        id: block.tool_use_id,
        status: block.is_error ? (isDenial(output) ? "denied" : "failed") : "completed",
        output,
        exitCode: name === "Bash" ? exitCodeOf(output, block.is_error) : null,
        diff: unifiedDiff(line.tool_use_result),
      },
    ];
  });
  return { state: { ...state, calls }, events };
}

function textOf(content: string | readonly unknown[]): string {
  if (typeof content === "string") return content;
  const texts = content.map((part) =>
    typeof part === "object" && part !== null && "text" in part ? String(part.text) : "",
  );
  return texts.filter((text) => text !== "").join("\n");
}

/** Nothing but the words tells a tool that was not let from one that failed; the end of the session names them again. */
function isDenial(output: string): boolean {
  return /^(?:Permission to use |Claude requested permissions |The user doesn't want to )/.test(output);
}

/** A command's exit code is in the text alone, and only where it failed. */
function exitCodeOf(output: string, isError: boolean): number | null {
  if (!isError) return 0;
  const code = /^Exit code (\d{1,3})\b/.exec(output)?.[1];
  return code === undefined ? null : Number(code);
}
