import type { SessionUpdate, ToolCallContent, ToolCallUpdate } from "@agentclientprotocol/sdk";
import type { SessionEvent } from "../../../contract/session-event.ts";
import type { ReadLine } from "../cli-adapter.ts";
import type { Json } from "../harness.ts";

type ToolCall = Extract<SessionEvent, { type: "tool_call" }>;

export type AcpState = {
  /** Words that may go on: agents send them in pieces. */
  readonly words: { readonly kind: "message" | "thought"; readonly text: string } | null;
  readonly lastMessage: string | null;
  /** Calls that have no result yet, by their ids. */
  readonly calls: ReadonlyMap<string, PendingCall>;
  /** What the agent asked for and was not allowed, a sentence each. */
  readonly denials: readonly string[];
};

type PendingCall = ToolCall & {
  /** Agents announce a call before they know what it is given. */
  readonly isTold: boolean;
  readonly isDenied: boolean;
  readonly output: string;
};

export const INITIAL_ACP_STATE: AcpState = {
  words: null,
  lastMessage: null,
  calls: new Map(),
  denials: [],
};

/** What a `session/update` of the Agent Client Protocol shows. Pure, and it never throws. */
export function readUpdate(state: AcpState, update: SessionUpdate): ReadLine<AcpState> {
  switch (update.sessionUpdate) {
    case "agent_message_chunk":
      return addWords(state, "message", textOf(update.content));
    case "agent_thought_chunk":
      return addWords(state, "thought", textOf(update.content));
    case "tool_call":
    case "tool_call_update":
      return afterWords(state, (spoken) => readCall(spoken, update));
    case "notice":
      return afterWords(state, (spoken) => ({ state: spoken, events: [noticeOf(update)] }));
    default:
      return { state, events: [] };
  }
}

/** What was said last is a message of its own when nothing more comes. */
export function endWords(state: AcpState): ReadLine<AcpState> {
  if (state.words === null) return { state, events: [] };
  const { kind, text } = state.words;
  if (kind === "thought") return { state: { ...state, words: null }, events: [{ type: "thought", text }] };
  return {
    state: { ...state, words: null, lastMessage: text },
    events: [{ type: "message", role: "assistant", text, messageId: null }],
  };
}

/** The agent asked whether it may make this call, and was told that it may not. */
export function denyCall(state: AcpState, asked: ToolCallUpdate): ReadLine<AcpState> {
  return afterWords(state, (spoken) => {
    const read = readCall(spoken, { ...asked, status: "in_progress" });
    const call = read.state.calls.get(asked.toolCallId);
    if (call === undefined) return read;
    const calls = new Map(read.state.calls).set(call.id, { ...call, isDenied: true });
    const denials = [...read.state.denials, `${call.title}: The role has no such tool.`];
    return { state: { ...read.state, calls, denials }, events: read.events };
  });
}

/** A call as far as it is known: what asks for permission need not say again what it is. */
export function callOf(state: AcpState, asked: ToolCallUpdate): Pick<ToolCall, "kind" | "locations"> {
  return mergeCall(state.calls.get(asked.toolCallId), asked);
}

function afterWords(state: AcpState, read: (spoken: AcpState) => ReadLine<AcpState>): ReadLine<AcpState> {
  const spoken = endWords(state);
  const next = read(spoken.state);
  return { state: next.state, events: [...spoken.events, ...next.events] };
}

function addWords(state: AcpState, kind: "message" | "thought", text: string): ReadLine<AcpState> {
  if (text === "") return { state, events: [] };
  if (state.words?.kind === kind) {
    return { state: { ...state, words: { kind, text: state.words.text + text } }, events: [] };
  }
  const spoken = endWords(state);
  return { state: { ...spoken.state, words: { kind, text } }, events: spoken.events };
}

function readCall(state: AcpState, update: ToolCallUpdate): ReadLine<AcpState> {
  const known = state.calls.get(update.toolCallId);
  const call = mergeCall(known, update);
  const isOver = update.status === "completed" || update.status === "failed";
  const isTold = isOver || known !== undefined || update.status === "in_progress" || call.input !== null;
  const { isTold: wasTold, isDenied, output, ...event } = call;
  const events: SessionEvent[] = isTold && !wasTold ? [event] : [];
  const calls = new Map(state.calls);
  if (!isOver) {
    calls.set(update.toolCallId, { ...call, isTold });
    return { state: { ...state, calls }, events };
  }
  calls.delete(update.toolCallId);
  events.push({
    type: "tool_result",
    id: call.id,
    status: update.status === "completed" ? "completed" : isDenied ? "denied" : "failed",
    output,
    exitCode: exitCodeOf(update.rawOutput),
    diff: null,
  });
  return { state: { ...state, calls }, events };
}

function mergeCall(known: PendingCall | undefined, update: ToolCallUpdate): PendingCall {
  const content = update.content == null ? null : contentText(update.content);
  return {
    type: "tool_call",
    id: update.toolCallId,
    name: update.name ?? known?.name ?? update.kind ?? "tool",
    kind: kindOf(update.kind) ?? known?.kind ?? "other",
    title: update.title ?? known?.title ?? "",
    input: toJson(update.rawInput) ?? known?.input ?? null,
    locations: update.locations?.map(({ path }) => path) ?? known?.locations ?? [],
    isTold: known?.isTold ?? false,
    isDenied: known?.isDenied ?? false,
    output: content ?? textOfOutput(update.rawOutput) ?? known?.output ?? "",
  };
}

function kindOf(kind: ToolCallUpdate["kind"]): ToolCall["kind"] | null {
  if (kind == null) return null;
  return kind === "switch_mode" ? "other" : kind;
}

function contentText(content: readonly ToolCallContent[]): string {
  return content
    .map((item) => {
      if (item.type === "content") return textOf(item.content);
      return item.type === "diff" ? `Changed ${item.path}.` : "";
    })
    .filter((text) => text !== "")
    .join("\n");
}

function textOf(content: { readonly type: string; readonly text?: unknown }): string {
  return content.type === "text" && typeof content.text === "string" ? content.text : "";
}

/** Agents put there what they like; an `output` or a text is what people can read. */
function textOfOutput(rawOutput: unknown): string | null {
  if (typeof rawOutput === "string") return rawOutput;
  const output = memberOf(rawOutput, "output");
  return typeof output === "string" ? output : null;
}

function exitCodeOf(rawOutput: unknown): number | null {
  const code =
    memberOf(rawOutput, "exitCode") ??
    memberOf(rawOutput, "exit_code") ??
    memberOf(memberOf(rawOutput, "metadata"), "exit");
  return Number.isInteger(code) ? Number(code) : null;
}

function memberOf(value: unknown, key: string): unknown {
  return typeof value === "object" && value !== null && Object.hasOwn(value, key)
    ? (value as Record<string, unknown>)[key]
    : undefined;
}

/** Null for nothing, and for an object with nothing in it: what a call is given may come later. */
function toJson(value: unknown): Json {
  if (value === undefined || value === null) return null;
  if (typeof value === "object" && Object.keys(value).length === 0) return null;
  return value as Json;
}

function noticeOf(notice: Extract<SessionUpdate, { sessionUpdate: "notice" }>): SessionEvent {
  const { severity, title, description } = notice;
  const text = description == null ? title : `${title}: ${description}`;
  return { type: "notice", level: severity === "error" || severity === "warning" ? severity : "info", text };
}
