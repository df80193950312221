import { writeFile } from "node:fs/promises";
import { err } from "../../base/result.ts";
import type { Briefing } from "../../contract/briefing.ts";
import { leavesWork } from "../../contract/failure.ts";
import type { Report } from "../../contract/report.ts";
import type { SessionEvent } from "../../contract/session-event.ts";
import type { Usage } from "../../contract/usage.ts";
import { askForTask } from "../briefing/ask-for-task.ts";
import { cleanBriefing } from "../briefing/clean-briefing.ts";
import { renderPrompt } from "../briefing/render-prompt.ts";
import { startCommit } from "../briefing/start-commit.ts";
import { BASE_REF, prepareWorkTree, START_REF } from "../git/prepare-work-tree.ts";
import { fetchCommits } from "../git/remote.ts";
import { runGit } from "../git/run-git.ts";
import type { HarnessOutcome } from "../harness/harness.ts";
import { notBegun } from "../harness/not-begun.ts";
import { runHarness } from "../harness/run-harness.ts";
import type { Job } from "../job.ts";
import type { SessionLog } from "../reporting/session-log.ts";
import { examineSandbox, type Examination } from "../sandbox/examine-sandbox.ts";
import { describeSandbox, type Sandbox } from "../sandbox/open-sandbox.ts";
import { SandboxFailed } from "../sandbox/run-confined.ts";
import { systemTimers } from "../timers.ts";
import { keepSnapshots } from "../snapshot/keep-snapshots.ts";
import { restoreSnapshot } from "../snapshot/restore-snapshot.ts";
import { createSessionNotes, type SessionNotes } from "../snapshot/session-notes.ts";
import { createWorkspace, type Workspace } from "../workspace.ts";
import { accountForModel } from "./account-for-model.ts";
import { confineSession, judgeSandbox } from "./confine-session.ts";
import { finishSession } from "./finish-session.ts";
import { handOver } from "./hand-over.ts";
import { openHarnessSession } from "./open-harness-session.ts";
import { openModel, type OpenModel } from "./open-model.ts";
import { placeSkills } from "./place-skills.ts";
import type { StopControl } from "./stop-control.ts";

export type Session = {
  readonly token: string;
  /** The attempt that left something to go on with. */
  readonly snapshot: string | null;
  readonly briefing: Briefing;
  readonly log: SessionLog;
  readonly stop: StopControl;
};

/** Enough history for `git log` and `git blame` to help, without the whole of a large repository. */
const HISTORY_DEPTH = 50;

/** From a briefing to a report: checks out, runs the harness, and hands over what it made. */
export async function runSession(job: Job, given: Session): Promise<Report> {
  const briefing = cleanBriefing(given.briefing);
  const session = { ...given, briefing };
  const question = askForTask(briefing);
  if (question !== null) return { outcome: "question", question };
  const workspace = await createWorkspace(job.tempDir, job.env["PATH"] ?? "");
  const [examination] = await Promise.all([
    examineSandbox({ env: job.env, tempDir: job.tempDir, timers: systemTimers }),
    checkOut(job, briefing, workspace),
  ]);
  return runKept(job, await withRestored(job, session, workspace), { workspace, examination });
}

/** The session with what a lost attempt left, where there is something and it can be used. */
async function withRestored(job: Job, session: Session, workspace: Workspace): Promise<Session> {
  if (session.snapshot === null) return session;
  const { client } = job;
  const resume = await restoreSnapshot({ ...session, client, attempt: session.snapshot, workspace });
  return { ...session, briefing: cleanBriefing({ ...session.briefing, resume }) };
}

/** Runs the agent, with snapshots of what it does, and hands over what it made. */
async function runKept(
  job: Job,
  session: Session,
  { workspace, examination }: Omit<Machine, "notes">,
): Promise<Report> {
  const notes = createSessionNotes();
  const { client, timers } = job;
  const keeper = keepSnapshots({ ...session, client, timers, workspace, notes });
  let outcome: HarnessOutcome;
  try {
    outcome = await runAgent(job, session, { workspace, examination, notes });
  } finally {
    await keeper.finish();
  }
  const report = await handOver(job, session, { workspace, outcome });
  const isInterrupted =
    report.outcome === "failed" ? leavesWork(report.failure) : report.outcome === "cancelled";
  if (isInterrupted) await keeper.keep();
  return report;
}

async function checkOut(job: Job, briefing: Briefing, workspace: Workspace): Promise<void> {
  const { place, workTree } = workspace;
  await fetchCommits(place, job.remoteOf(briefing.repository), {
    commits: [
      { sha: startCommit(briefing), ref: START_REF },
      { sha: briefing.baseSha, ref: BASE_REF },
    ],
    depth: HISTORY_DEPTH,
    timers: job.timers,
  });
  const { branch } = briefing;
  await prepareWorkTree(place, { workTree, branch, defaultBranch: briefing.repository.defaultBranch });
}

type Machine = {
  readonly workspace: Workspace;
  readonly examination: Examination;
  readonly notes: SessionNotes;
};

/** What a session takes of its job. */
type SessionJob = Parameters<typeof openModel>[0] &
  Parameters<typeof openHarnessSession>[0] &
  Parameters<typeof confineSession>[0];

/** What working in a checkout takes of a session. */
type AgentSession = Pick<Session, "briefing" | "stop"> & { readonly log: Pick<SessionLog, "emit"> };

/** Lets the harness work in a laid out work tree, confined and with its model open, and shows all of it. */
export async function runAgent(
  job: SessionJob,
  session: AgentSession,
  machine: Machine,
): Promise<HarnessOutcome> {
  const { briefing, log, stop } = session;
  const { workspace } = machine;
  const prompt = renderPrompt(briefing);
  await writeFile(workspace.promptFile, prompt);
  await placeSkills(workspace.skillsDir, briefing.skills);
  await writeFile(workspace.briefingFile, `${JSON.stringify(briefing, null, 2)}\n`);
  const startedAt = job.timers.now().getTime();
  const { model } = briefing.harness;
  const ended = await runIfPossible(job, session, { ...machine, prompt });
  const durationMs = job.timers.now().getTime() - startedAt;
  const told = { model, wireUsage: ended.wireUsage, stopped: stop.reason(), durationMs };
  log.emit(finishSession(ended.outcome, told));
  return ended.outcome;
}

type Ended = { readonly outcome: HarnessOutcome; readonly wireUsage: Usage | null };

/** Runs the harness where the machine is as the policy wants it and there is a model; else says why not. */
async function runIfPossible(
  job: SessionJob,
  session: AgentSession,
  machine: Machine & { readonly prompt: string },
): Promise<Ended> {
  const { briefing, log, stop } = session;
  const emit = (event: SessionEvent): void => {
    machine.notes.note(event);
    log.emit(event);
  };
  const unconfined = judgeSandbox(briefing, machine.examination);
  const opened =
    unconfined === null ? await openModel(job, { briefing, stop: stop.signal, emit }) : err(unconfined);
  if (opened.ok) return runWithModel(job, session, { ...machine, emit, model: opened.value });
  const { name, model } = briefing.harness;
  const sandbox = describeSandbox(machine.examination, briefing.sandbox);
  emit({ type: "run.started", harness: name, harnessVersion: null, sessionId: null, model, sandbox });
  const errorClass = unconfined === null ? "config" : "sandbox";
  return { outcome: notBegun({ class: errorClass, message: opened.error }), wireUsage: null };
}

/** Runs the harness with its model open; whatever comes of it, model and sandbox are closed afterwards. */
async function runWithModel(
  job: SessionJob,
  { briefing, stop }: AgentSession,
  given: Machine & {
    readonly prompt: string;
    readonly emit: (event: SessionEvent) => void;
    readonly model: OpenModel | null;
  },
): Promise<Ended> {
  const { model, workspace, emit } = given;
  let sandbox: Sandbox | null = null;
  try {
    sandbox = await confineSession(job, briefing, given);
    const signal = model === null ? stop.signal : AbortSignal.any([stop.signal, model.overspent]);
    const harnessSession = openHarnessSession(job, {
      briefing,
      prompt: given.prompt,
      workspace,
      model: model?.access ?? null,
      sandbox,
      stop: { signal, grace: stop.grace, passLimit: stop.passLimit },
      emit,
      readBaseFile: readBaseFile.bind(null, workspace),
    });
    const outcome = await runHarness(harnessSession).catch(whenUnconfined);
    harnessSession.started({ harnessVersion: null, sessionId: outcome.sessionId });
    if (model === null) return { outcome, wireUsage: null };
    const closed = await model.close();
    const accounted = accountForModel(outcome, closed, briefing);
    if (accounted.notice !== null) emit({ type: "notice", level: "warning", text: accounted.notice });
    return { outcome: accounted.outcome, wireUsage: closed.wire.usage };
  } finally {
    await sandbox?.close();
    await model?.close();
  }
}

/** What was tried before the session has changed since. */
function whenUnconfined(cause: unknown): HarnessOutcome {
  if (cause instanceof SandboxFailed) return notBegun({ class: "sandbox", message: cause.message });
  throw cause;
}

async function readBaseFile({ place }: Workspace, path: string): Promise<string | null> {
  const outcome = await runGit(place, ["cat-file", "blob", `${BASE_REF}:${path}`]);
  return outcome.exitCode === 0 ? outcome.stdout.toString("utf8") : null;
}
