import { mkdirSync, mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { SessionEvent } from "../../../src/contract/session-event.ts";
import type { HarnessSession, ModelAccess } from "../../../src/runner/harness/harness.ts";
import type { Grace } from "../../../src/runner/process/end-session.ts";
import { openHarnessSession } from "../../../src/runner/session/open-harness-session.ts";
import { openBare } from "../../../src/runner/sandbox/open-sandbox.ts";
import { systemTimers, type Timers } from "../../../src/runner/timers.ts";
import { harnessPrograms } from "./harness-programs.ts";
import { sampleBriefing } from "./sample-briefing.ts";

export type TestSession = HarnessSession & {
  /** All that it showed so far. */
  readonly events: readonly SessionEvent[];
  readonly close: () => void;
};

type Wanted = {
  readonly briefing?: Record<string, unknown>;
  readonly prompt?: string;
  readonly model?: ModelAccess | null;
  readonly stop?: AbortSignal;
  readonly grace?: Grace;
  readonly timers?: Timers;
  readonly readBaseFile?: (path: string) => Promise<string | null>;
  /** Variables of the job that the session is let have. */
  readonly env?: Readonly<Record<string, string>>;
  readonly toolsDir?: string;
  readonly onEvent?: (event: SessionEvent) => void;
};

/** A session as a job opens one, in directories of its own; whoever opens it closes it. */
export function openSession(wanted: Wanted = {}): TestSession {
  const root = mkdtempSync(join(tmpdir(), "baton-session-"));
  const directory = (name: string): string => {
    mkdirSync(join(root, name));
    return join(root, name);
  };
  const exchange = directory("exchange");
  const events: SessionEvent[] = [];
  const briefing = sampleBriefing(wanted.briefing);
  const session = openHarnessSession(
    {
      env: { ...process.env, ...wanted.env },
      passEnv: Object.keys(wanted.env ?? {}),
      timers: wanted.timers ?? systemTimers,
      toolsDir: wanted.toolsDir ?? harnessPrograms(),
    },
    {
      briefing,
      prompt: wanted.prompt ?? "Do it.",
      workspace: {
        workTree: directory("work"),
        homeDir: directory("home"),
        tempDir: directory("tmp"),
        promptFile: join(exchange, "prompt.md"),
        briefingFile: join(exchange, "briefing.json"),
        resultFile: join(exchange, "result.json"),
        skillsDir: join(exchange, "skills"),
        snapshotFile: join(root, "snapshot.bundle"),
      },
      model: wanted.model ?? null,
      sandbox: openBare("There is no sandbox.", briefing.sandbox, [root]),
      stop: {
        passLimit: () => undefined,
        signal: wanted.stop ?? new AbortController().signal,
        grace: () => wanted.grace ?? { interruptMs: 60_000, terminateMs: 60_000 },
      },
      emit: (event) => {
        events.push(event);
        wanted.onEvent?.(event);
      },
      readBaseFile: wanted.readBaseFile ?? (async () => null),
    },
  );
  return {
    ...session,
    events,
    close: () => {
      rmSync(root, { recursive: true, force: true });
    },
  };
}
