import { existsSync, mkdtempSync, readFileSync, rmSync, symlinkSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, describe, expect, test } from "vitest";
import { openSession, type TestSession } from "../../../test/support/harness/open-session.ts";
import type { Briefing } from "../../contract/briefing.ts";
import type { SessionEvent } from "../../contract/session-event.ts";
import type { HarnessOutcome } from "./harness.ts";
import { runRecordingHarness } from "./recording.ts";

let opened: TestSession;
let workTree: string;

beforeEach(() => {
  opened = openSession();
  workTree = opened.workTree;
});

afterEach(() => {
  opened.close();
});

type Played = { readonly outcome: HarnessOutcome; readonly events: SessionEvent[]; readonly waits: number[] };

async function play(
  recording: unknown,
  given: {
    readonly stage?: string;
    readonly attempt?: number;
    readonly settings?: unknown;
    readonly stop?: AbortSignal;
  } = {},
): Promise<Played> {
  const events: SessionEvent[] = [];
  const waits: number[] = [];
  const outcome = await runRecordingHarness({
    ...opened,
    briefing: {
      stage: given.stage ?? "implement",
      attemptNumber: given.attempt ?? 1,
      harness: { name: "recording", model: null, settings: given.settings ?? { file: "rec.json" } },
    } as Briefing,
    stop: given.stop ?? opened.stop,
    timers: {
      now: () => new Date(0),
      sleep: async (ms, signal) => {
        signal?.throwIfAborted();
        waits.push(ms);
      },
    },
    started: () => undefined,
    emit: (event) => events.push(event),
    readBaseFile: async (path) =>
      path === "rec.json" ? (typeof recording === "string" ? recording : JSON.stringify(recording)) : null,
  });
  return { outcome, events, waits };
}

function session(steps: readonly unknown[], more: Record<string, unknown> = {}): unknown {
  const played = { stage: "implement", attempt: 1, steps, result: { summary: "Done." }, ...more };
  return { version: 1, sessions: [played] };
}

describe("playing a recorded session", () => {
  test("shows its events, makes its edits and runs its commands, in order", async () => {
    writeFileSync(join(workTree, "old.txt"), "old");
    const { outcome, events } = await play(
      session([
        { event: { type: "message", role: "assistant", text: "Let me see." } },
        { write: { path: "src/new.txt", content: "new\n" } },
        { delete: { path: "old.txt" } },
        { run: { command: "cat src/new.txt; ls" } },
      ]),
    );
    expect(outcome).toMatchObject({ kind: "result", result: { summary: "Done." }, exitCode: 0 });
    expect(readFileSync(join(workTree, "src/new.txt"), "utf8")).toBe("new\n");
    expect(existsSync(join(workTree, "old.txt"))).toBe(false);
    expect(
      events.map((event) => ("title" in event ? event.title : "output" in event ? event.output : "")),
    ).toEqual(["", "write src/new.txt", "", "delete old.txt", "", "cat src/new.txt; ls", "new\nsrc"]);
  });

  test("is a matter of data: wrong at the first attempt, right at the second", async () => {
    const recording = {
      version: 1,
      sessions: [1, 2].map((attempt) => ({
        stage: "implement",
        attempt,
        steps: [{ write: { path: "answer.txt", content: attempt === 1 ? "41" : "42" } }],
        result: { summary: `Attempt ${attempt}.` },
      })),
    };
    await play(recording, { attempt: 1 });
    expect(readFileSync(join(workTree, "answer.txt"), "utf8")).toBe("41");
    const { outcome } = await play(recording, { attempt: 2 });
    expect(readFileSync(join(workTree, "answer.txt"), "utf8")).toBe("42");
    expect(outcome).toMatchObject({ result: { summary: "Attempt 2." } });
    // A person's /retry or a lost runner asks for attempts that were never recorded.
    expect((await play(recording, { attempt: 5 })).outcome).toMatchObject({
      result: { summary: "Attempt 2." },
    });
  });

  test("keeps its pace, or is as much faster as the file or the setting says", async () => {
    const steps = [{ afterMs: 1_000, event: { type: "notice", level: "info", text: "x" } }];
    const recording = session(steps) as Record<string, unknown>;
    expect((await play(recording)).waits).toEqual([1_000]);
    expect((await play({ ...recording, speed: 10 })).waits).toEqual([100]);
    expect(
      (await play({ ...recording, speed: 10 }, { settings: { file: "rec.json", speed: 4 } })).waits,
    ).toEqual([250]);
  });

  test("ends with a command that fails, unless it may", async () => {
    const failed = await play(
      session([{ run: { command: "echo no; exit 7" } }, { write: { path: "x", content: "" } }]),
    );
    expect(failed.outcome).toMatchObject({
      kind: "failed",
      summary: 'The command "echo no; exit 7" failed (7).',
    });
    expect(existsSync(join(workTree, "x"))).toBe(false);
    const allowed = await play(session([{ run: { command: "exit 7", mayFail: true } }]));
    expect(allowed.outcome.kind).toBe("result");
    expect(allowed.events.at(-1)).toMatchObject({ type: "tool_result", status: "failed", exitCode: 7 });
  });

  test("can be recorded as a failure", async () => {
    const { outcome } = await play(session([], { result: { failed: "The model gave up." } }));
    expect(outcome).toMatchObject({ kind: "failed", failure: "agent", summary: "The model gave up." });
  });

  test("does not write through a symlink that leads elsewhere", async () => {
    const elsewhere = mkdtempSync(join(tmpdir(), "baton-elsewhere-"));
    symlinkSync(elsewhere, join(workTree, "out"));
    const { outcome } = await play(session([{ write: { path: "out/x", content: "x" } }]));
    expect(outcome).toMatchObject({ summary: "The path out/x leads through out, which is no directory." });
    expect(existsSync(join(elsewhere, "x"))).toBe(false);
    rmSync(elsewhere, { recursive: true });
  });

  test("stops between two steps when it is told to", async () => {
    const stop = AbortSignal.abort();
    const { outcome } = await play(session([{ write: { path: "x", content: "" } }]), { stop });
    expect(outcome).toMatchObject({ kind: "failed", summary: "The recording was stopped." });
    expect(existsSync(join(workTree, "x"))).toBe(false);
  });

  test.each([
    [
      "no session for the stage",
      session([]),
      { stage: "plan", attempt: 3 },
      "The recording rec.json has no session for the stage plan, attempt 3.",
    ],
    [
      "a file that is not there",
      session([]),
      { settings: { file: "gone.json" } },
      "The recording gone.json is not on the base branch.",
    ],
    [
      "no file named",
      session([]),
      { settings: {} },
      'The harness "recording" is not set up: it needs the path of its "file".',
    ],
    [
      "another version",
      { version: 2, sessions: [] },
      {},
      "The recording rec.json is not valid: version: Invalid input: expected 1.",
    ],
  ])("says in one sentence what is wrong with %s", async (_name, recording, given, summary) => {
    expect((await play(recording, given)).outcome).toMatchObject({ kind: "failed", summary });
  });
});
