import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { parseRecording } from "./recording-file.ts";

function recording(steps: readonly unknown[], more: Record<string, unknown> = {}): string {
  return JSON.stringify({
    version: 1,
    sessions: [{ stage: "implement", attempt: 1, steps, result: { summary: "Done." } }],
    ...more,
  });
}

describe("reading a recorded session", () => {
  test("takes every kind of step and fills in what may be left out", () => {
    const parsed = parseRecording(
      recording([
        { afterMs: 300, event: { type: "message", role: "assistant", text: "Hello." } },
        { write: { path: "src/a.ts", content: "x" } },
        { delete: { path: "src/b.ts" } },
        { run: { command: "npm test" } },
      ]),
    );
    expect(parsed).toMatchObject({
      ok: true,
      value: {
        speed: 1,
        sessions: [
          {
            steps: [
              { afterMs: 300 },
              { afterMs: 0, write: { path: "src/a.ts" } },
              { afterMs: 0 },
              { afterMs: 0, run: { command: "npm test", mayFail: false } },
            ],
          },
        ],
      },
    });
  });

  test.each(["../x", "/etc/passwd", "a/../../x", ".git/hooks/pre-commit", "a//b", "a\\b", "", "./a"])(
    "refuses to write to %j",
    (path) => {
      expect(parseRecording(recording([{ write: { path, content: "x" } }])).ok).toBe(false);
    },
  );

  test("refuses a step that is two at once, or that it does not know", () => {
    expect(parseRecording(recording([{ delete: { path: "a" }, run: { command: "b" } }])).ok).toBe(false);
    expect(parseRecording(recording([{ sleep: 10 }])).ok).toBe(false);
  });

  test("refuses two sessions for the same attempt, and says which", () => {
    const session = { stage: "test", attempt: 2, steps: [], result: { summary: "Done." } };
    expect(parseRecording(JSON.stringify({ version: 1, sessions: [session, session] }))).toEqual({
      ok: false,
      error: "sessions.1: there are two sessions for test, attempt 2",
    });
  });

  test("never throws, whatever the text", () => {
    const almost = fc.jsonValue().map((value) => recording([value]));
    fc.assert(
      fc.property(fc.oneof(fc.string(), fc.json(), almost), (text) => {
        parseRecording(text);
      }),
    );
  });
});
