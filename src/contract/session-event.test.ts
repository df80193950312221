import { describe, expect, test } from "vitest";
import { SequencedSessionEvent } from "./session-event.ts";

/** Lines as they were stored before sessions told their usage, their end's reason and their tools' kinds. */
const OLD_EVENTS = [
  { type: "run.started", harness: "command", model: null },
  { type: "message", role: "assistant", text: "Hello." },
  { type: "tool_call", id: "1", name: "shell", title: "npm test" },
  { type: "tool_result", id: "1", status: "failed", output: "1 failed", exitCode: 1 },
  { type: "notice", level: "info", text: "line" },
  { type: "run.finished", status: "ok", exitCode: 0, durationMs: 12 },
];

function read(event: object): SequencedSessionEvent["event"] {
  return SequencedSessionEvent.parse({ sequence: 1, at: "2026-01-02T03:04:05.000Z", event }).event;
}

describe("a session's event", () => {
  test.each(OLD_EVENTS)("of before is still read: $type", (event) => {
    expect(read(event)).toMatchObject(event);
  });

  test("that nobody knows is kept as it came", () => {
    const event = { type: "mood", level: 3 };
    expect(read(event)).toEqual({ type: "raw", line: JSON.stringify(event) });
  });

  test("that was read is read again as the same", () => {
    for (const event of OLD_EVENTS) expect(read(read(event))).toEqual(read(event));
  });

  test("without a type is refused", () => {
    expect(() => read({ text: "x" })).toThrow();
  });
});
