import type { SessionUpdate } from "@agentclientprotocol/sdk";
import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { recordedLines } from "../../../../test/support/harness/replay.ts";
import { SessionEvent } from "../../../contract/session-event.ts";
import { callOf, denyCall, endWords, INITIAL_ACP_STATE, readUpdate, type AcpState } from "./acp-updates.ts";

type Read = { readonly state: AcpState; readonly events: readonly SessionEvent[] };

function readAll(updates: readonly SessionUpdate[]): Read {
  let state = INITIAL_ACP_STATE;
  const events: SessionEvent[] = [];
  for (const update of updates) {
    const read = readUpdate(state, update);
    state = read.state;
    events.push(...read.events);
  }
  const last = endWords(state);
  return { state: last.state, events: [...events, ...last.events] };
}

function recordedUpdates(name: string): readonly SessionUpdate[] {
  const lines = recordedLines(new URL(`recorded/${name}.jsonl`, import.meta.url));
  return lines.flatMap((line) => {
    const { method, params } = JSON.parse(line) as { method?: string; params?: { update: SessionUpdate } };
    return method === "session/update" && params !== undefined ? [params.update] : [];
  });
}

describe("what an agent tells its client", () => {
  test("shows words whole, and calls with what they were given and what came of them", () => {
    const { state, events } = readAll(recordedUpdates("opencode"));
    expect(events.map(({ type }) => type)).toEqual([
      ...["thought", "message"],
      ...["tool_call", "tool_result"],
      ...["tool_call", "tool_result"],
      ...["tool_call", "tool_result"],
      "message",
    ]);
    expect(events[1]).toMatchObject({ role: "assistant", text: "Let me look @you." });
    expect(events[2]).toMatchObject({
      kind: "read",
      input: { filePath: "/session/work/hello.txt" },
      locations: ["/session/work/hello.txt"],
    });
    expect(events[7]).toMatchObject({
      status: "completed",
      exitCode: 3,
      output: ".\n..\n.git\nhello.txt\nnew.txt\n",
    });
    expect(state.lastMessage).toBe("All done.");
    expect(state.calls.size).toBe(0);
  });

  test("tells each call once, whether it was announced or not", () => {
    const { events } = readAll(recordedUpdates("gemini"));
    const calls = events.flatMap((event) => (event.type === "tool_call" ? [event.id] : []));
    const results = events.flatMap((event) => (event.type === "tool_result" ? [event.id] : []));
    expect(new Set(calls).size).toBe(calls.length);
    expect(results.toSorted()).toEqual(calls.toSorted());
  });

  test("knows a call that was denied, although only its failure is told", () => {
    const asked = { toolCallId: "1", title: "rm -rf .", kind: "execute", status: "pending" } as const;
    const denied = denyCall(INITIAL_ACP_STATE, asked);
    expect(denied.events).toMatchObject([{ type: "tool_call", id: "1", title: "rm -rf ." }]);
    const over = readUpdate(denied.state, {
      sessionUpdate: "tool_call_update",
      toolCallId: "1",
      status: "failed",
    });
    expect(over.events).toMatchObject([{ type: "tool_result", id: "1", status: "denied" }]);
    expect(over.state.denials).toEqual(["rm -rf .: The role has no such tool."]);
  });

  test("keeps of a call what later words leave out", () => {
    const { state } = readUpdate(INITIAL_ACP_STATE, {
      sessionUpdate: "tool_call",
      toolCallId: "1",
      title: "Write",
      kind: "edit",
      locations: [{ path: "/session/work/x" }],
    });
    expect(callOf(state, { toolCallId: "1" })).toMatchObject({
      kind: "edit",
      locations: ["/session/work/x"],
    });
  });

  test("gives only events that are stored, whatever comes", () => {
    const text = fc.record({ type: fc.constantFrom("text", "image"), text: fc.string() });
    const update = fc.record(
      {
        sessionUpdate: fc.constantFrom(
          "agent_message_chunk",
          "agent_thought_chunk",
          "tool_call",
          "tool_call_update",
          "plan",
          "newer",
        ),
        content: fc.oneof(text, fc.array(fc.record({ type: fc.constant("content"), content: text }))),
        toolCallId: fc.constantFrom("1", "2", "__proto__"),
        title: fc.string(),
        status: fc.constantFrom("pending", "in_progress", "completed", "failed"),
        kind: fc.constantFrom("read", "switch_mode", "execute"),
        rawInput: fc.jsonValue(),
        rawOutput: fc.jsonValue(),
      },
      { requiredKeys: ["sessionUpdate", "content", "toolCallId"] },
    );
    const fits = ({ sessionUpdate, content }: { sessionUpdate: string; content: unknown }): boolean =>
      sessionUpdate.endsWith("chunk") !== Array.isArray(content);
    fc.assert(
      fc.property(fc.array(update.filter(fits)), (updates) => {
        const { events } = readAll(updates as unknown as readonly SessionUpdate[]);
        for (const event of events) SessionEvent.parse(event);
      }),
    );
  });
});
