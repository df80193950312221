import { expect, test } from "vitest";
import { createSessionNotes } from "./session-notes.ts";

test("keeps the last of what the agent said and did, a line each", () => {
  const notes = createSessionNotes();
  expect([notes.summary(), notes.sessionId()]).toEqual(["", null]);
  notes.note({
    type: "run.started",
    harness: "claude",
    harnessVersion: null,
    sessionId: "s-1",
    model: null,
    sandbox: null,
  });
  for (let index = 0; index < 100; index++) {
    const call = { type: "tool_call", name: "Bash", kind: "execute", input: null } as const;
    notes.note({ ...call, id: `${index}`, title: `step ${index}`, locations: [] });
  }
  notes.note({ type: "tool_result", id: "99", status: "failed", output: "x", exitCode: 1, diff: null });
  notes.note({ type: "message", role: "assistant", text: "Now\nthe tests.", messageId: null });
  notes.note({ type: "message", role: "user", text: "not its own words", messageId: null });
  const lines = notes.summary().split("\n");
  expect(lines).toHaveLength(60);
  expect(lines.slice(-3)).toEqual(["- step 99", "failed", "Now the tests."]);
  expect(notes.sessionId()).toBe("s-1");
});
