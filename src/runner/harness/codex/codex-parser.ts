import type { SessionEvent } from "../../../contract/session-event.ts";
import type { CliParser, CliState, ReadLine } from "../cli-adapter.ts";
import { readJsonLine } from "../read-json-line.ts";
import { endOfTruncated } from "../session-end.ts";
import { CodexLine, type CodexUsage, type Item } from "./codex-line.ts";
import { CODEX_TITLE, endOfCodex } from "./end-of-codex.ts";

export type CodexState = CliState & {
  /** The calls that were shown and have no result yet. */
  readonly calls: readonly string[];
  readonly lastWords: string | null;
  /** What the thread had used before this session went on with it: its usage counts on. */
  readonly usedBefore: CodexUsage | null;
  readonly end: { readonly usage: CodexUsage } | { readonly failed: string } | null;
};

export const CODEX_PARSER: CliParser<CodexState> = {
  initial: { sessionId: null, calls: [], lastWords: null, usedBefore: null, end: null },
  read(state, text) {
    const line = readJsonLine(text, CodexLine);
    if (line === null) return { state, events: [] };
    switch (line.type) {
      case "thread.started":
        return { state: { ...state, sessionId: line.thread_id }, events: [] };
      case "item.started":
        return startItem(state, line.item);
      case "item.completed":
        return completeItem(state, line.item);
      case "turn.completed":
        return { state: { ...state, end: { usage: line.usage } }, events: [] };
      case "turn.failed":
        return { state: { ...state, end: { failed: line.error.message } }, events: [] };
      case "error":
        return { state, events: [retryOf(line.message)] };
    }
  },
  finish(state, exit) {
    if (state.end === null) return { ...endOfTruncated(CODEX_TITLE, exit), sessionId: state.sessionId };
    return endOfCodex({ ...state, end: state.end }, exit);
  },
};

/** Only the words tell that it tries again, and why. */
function retryOf(message: string): SessionEvent {
  const [, attempt, max] = /^Reconnecting\.\.\. (\d{1,4})\/(\d{1,4})/.exec(message) ?? [];
  if (attempt === undefined || Number(attempt) < 1) return { type: "notice", level: "error", text: message };
  const status = /\bstatus:? (\d{3})\b/.exec(message)?.[1];
  return {
    type: "retry",
    attempt: Number(attempt),
    max: Number(max),
    delayMs: 0,
    httpStatus: status === undefined ? null : Number(status),
  };
}

function startItem(state: CodexState, item: Item): ReadLine<CodexState> {
  const call = callOf(item);
  if (call === null || state.calls.includes(item.id)) return { state, events: [] };
  return { state: { ...state, calls: [...state.calls, item.id] }, events: [call] };
}

function completeItem(state: CodexState, item: Item): ReadLine<CodexState> {
  switch (item.type) {
    case "agent_message":
      return {
        state: { ...state, lastWords: item.text },
        events: [{ type: "message", role: "assistant", text: item.text, messageId: item.id }],
      };
    case "reasoning":
      return { state, events: [{ type: "thought", text: item.text }] };
    case "error":
      return { state, events: [{ type: "notice", level: "warning", text: item.message }] };
    default: {
      // Some calls are shown only when they are over.
      const started = startItem(state, item);
      const calls = started.state.calls.filter((id) => id !== item.id);
      return { state: { ...state, calls }, events: [...started.events, resultOf(item)] };
    }
  }
}

type ToolItem = Exclude<Item, { type: "agent_message" | "reasoning" | "error" }>;

function callOf(item: Item): SessionEvent | null {
  const { id } = item;
  switch (item.type) {
    case "command_execution": {
      const { command } = item;
      const shown = { title: command, input: { command }, locations: [] };
      return { type: "tool_call", id, name: "exec_command", kind: "execute", ...shown };
    }
    case "file_change": {
      const locations = item.changes.map(({ path }) => path);
      const shown = {
        title: `apply_patch ${locations.join(", ")}`,
        input: { changes: item.changes },
        locations,
      };
      return { type: "tool_call", id, name: "apply_patch", kind: kindOfChanges(item.changes), ...shown };
    }
    case "mcp_tool_call": {
      const name = `${item.server}.${item.tool}`;
      return {
        type: "tool_call",
        id,
        name,
        kind: "other",
        title: name,
        input: item.arguments,
        locations: [],
      };
    }
    case "web_search": {
      const shown = { title: `web_search ${item.query}`, input: { query: item.query }, locations: [] };
      return { type: "tool_call", id, name: "web_search", kind: "fetch", ...shown };
    }
    case "agent_message":
    case "reasoning":
    case "error":
      return null;
  }
}

function kindOfChanges(changes: readonly { readonly kind: string }[]): "edit" | "delete" {
  return changes.length > 0 && changes.every(({ kind }) => kind === "delete") ? "delete" : "edit";
}

function resultOf(item: ToolItem): SessionEvent {
  const { id } = item;
  const status = "status" in item ? statusOf(item.status) : "completed";
  switch (item.type) {
    case "command_execution":
      return {
        type: "tool_result",
        id,
        status,
        output: item.aggregated_output,
        exitCode: item.exit_code,
        diff: null,
      };
    case "mcp_tool_call":
      return { type: "tool_result", id, status, output: outputOf(item), exitCode: null, diff: null };
    case "file_change":
    case "web_search":
      return { type: "tool_result", id, status, output: "", exitCode: null, diff: null };
  }
}

function statusOf(status: string): "completed" | "failed" | "denied" {
  if (status === "failed") return "failed";
  return status === "declined" ? "denied" : "completed";
}

function outputOf({ result, error }: Extract<Item, { type: "mcp_tool_call" }>): string {
  if (error !== null) return error.message;
  const texts = (result?.content ?? []).map((part) =>
    typeof part === "object" && part !== null && "text" in part ? String(part.text) : "",
  );
  return texts.filter((text) => text !== "").join("\n");
}
