import { execFileSync } from "node:child_process";
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import type { Briefing } from "../../src/contract/briefing.ts";
import type { SessionEvent } from "../../src/contract/session-event.ts";
import type { HarnessOutcome } from "../../src/runner/harness/harness.ts";
import { createRedactor } from "../../src/runner/reporting/redact.ts";
import { examineSandbox } from "../../src/runner/sandbox/examine-sandbox.ts";
import { runAgent } from "../../src/runner/session/run-session.ts";
import { createStopControl } from "../../src/runner/session/stop-control.ts";
import { createSessionNotes } from "../../src/runner/snapshot/session-notes.ts";
import { systemTimers } from "../../src/runner/timers.ts";
import { createWorkspace, type Workspace } from "../../src/runner/workspace.ts";
import { createTestHost } from "../integration/runner/fixture/test-host.ts";
import { harnessPrograms } from "../support/harness/harness-programs.ts";
import { sampleBriefing } from "../support/harness/sample-briefing.ts";
import type { Step } from "../support/models/script.ts";
import { startModel, type ScriptedModel } from "../support/models/start-model.ts";
import type { Subject } from "./subject.ts";

/** A machine on which a harness works once, with a checkout and a scripted model of its own. */
export type Scene = {
  readonly workspace: Workspace;
  readonly model: ScriptedModel;
  /** The model says what the script says, and the harness works until it is over. */
  readonly run: (script: readonly Step[], wanted?: Wanted) => Promise<Ran>;
  /** Stops the session that runs, as a person's command does. */
  readonly cancel: () => void;
  readonly events: readonly SessionEvent[];
};

type Wanted = {
  readonly briefing?: Record<string, unknown>;
  readonly model?: string;
  /** Instead of the job's. */
  readonly path?: string;
  readonly toolsDir?: string;
};

export type Ran = {
  readonly outcome: HarnessOutcome;
  readonly finished: Extract<SessionEvent, { type: "run.finished" }>;
};

/** The machine is the same for all scenes. */
const examination = examineSandbox({ env: process.env, tempDir: tmpdir(), timers: systemTimers });

/** Nothing should take as long, on a machine under load either. */
const TIMEOUT_MS = 300_000;

/** Opens a scene, lets something be done there, and takes it down again. */
export async function withScene<Done>(
  subject: Subject,
  act: (scene: Scene) => Promise<Done>,
  files: Readonly<Record<string, string>> = {},
): Promise<Done> {
  const root = mkdtempSync(join(tmpdir(), "baton-conformance-"));
  const { wire, vocabulary } = subject;
  const model = await startModel(wire, {
    vocabulary,
    model: subject.model,
    otherModels: [subject.pricedModel],
  });
  try {
    const workspace = await createWorkspace(root, process.env["PATH"] ?? "");
    layOut(workspace.workTree, files);
    return await act(openScene(subject, { workspace, model }));
  } finally {
    await model.close();
    rmSync(root, { recursive: true, force: true });
  }
}

function layOut(workTree: string, files: Readonly<Record<string, string>>): void {
  mkdirSync(workTree);
  for (const [path, text] of Object.entries(files)) {
    mkdirSync(dirname(join(workTree, path)), { recursive: true });
    writeFileSync(join(workTree, path), text);
  }
  execFileSync("git", ["init", "--quiet", "--initial-branch=main", workTree]);
}

function openScene(
  subject: Subject,
  { workspace, model }: { readonly workspace: Workspace; readonly model: ScriptedModel },
): Scene {
  const events: SessionEvent[] = [];
  const cancelled = new AbortController();
  const stop = createStopControl({
    timers: systemTimers,
    subject: "The agent",
    timeoutMs: TIMEOUT_MS,
    cancelled: new AbortController().signal,
  });
  cancelled.signal.addEventListener("abort", () => {
    stop.cancel("Somebody cancelled it.");
  });

  async function run(script: readonly Step[], wanted: Wanted = {}): Promise<Ran> {
    model.play(script, workspace.workTree);
    const job = {
      host: createTestHost({}),
      redactor: createRedactor(),
      timers: systemTimers,
      env: {
        ...process.env,
        ...subject.variables(model.access),
        PATH: wanted.path ?? process.env["PATH"] ?? "",
      },
      passEnv: [],
      toolsDir: wanted.toolsDir ?? harnessPrograms(),
    };
    const briefing = briefingFor(subject, wanted);
    const log = {
      emit: (event: SessionEvent): void => {
        events.push(event);
      },
    };
    const outcome = await runAgent(
      job,
      { briefing, log, stop },
      { workspace, examination: await examination, notes: createSessionNotes() },
    );
    stop.end();
    const finished = events.findLast((event) => event.type === "run.finished");
    if (finished === undefined) throw new Error("The session has no last event.");
    return { outcome, finished };
  }

  return {
    workspace,
    model,
    run,
    events,
    cancel: () => {
      cancelled.abort();
    },
  };
}

function briefingFor({ name, model, settings = {} }: Subject, wanted: Wanted): Briefing {
  const harness = { name, model: wanted.model ?? model, settings };
  return sampleBriefing({ harness, ...wanted.briefing });
}
