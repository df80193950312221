import { writeFile } from "node:fs/promises";
import type { Briefing } from "../../contract/briefing.ts";
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
import type { HarnessOutcome, HarnessSession } from "../harness/harness.ts";
import { notBegun } from "../harness/not-begun.ts";
import { runHarness } from "../harness/run-harness.ts";
import type { Job } from "../job.ts";
import type { SessionLog } from "../reporting/session-log.ts";
import { createWorkspace, type Workspace } from "../workspace.ts";
import { accountForModel } from "./account-for-model.ts";
import { finishSession } from "./finish-session.ts";
import { handOver } from "./hand-over.ts";
import { openHarnessSession } from "./open-harness-session.ts";
import { openModel, type OpenModel } from "./open-model.ts";
import { placeSkills } from "./place-skills.ts";
import type { StopControl } from "./stop-control.ts";

export type Session = {
  readonly token: string;
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
  await checkOut(job, briefing, workspace);
  const outcome = await runAgent(job, session, workspace);
  return handOver(job, session, { workspace, outcome });
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

async function runAgent(job: Job, session: Session, workspace: Workspace): Promise<HarnessOutcome> {
  const { briefing, log, stop } = session;
  const prompt = renderPrompt(briefing);
  await writeFile(workspace.promptFile, prompt);
  await placeSkills(workspace.skillsDir, briefing.skills);
  await writeFile(workspace.briefingFile, `${JSON.stringify(briefing, null, 2)}\n`);
  const startedAt = job.timers.now().getTime();
  const { model } = briefing.harness;
  const emit = (event: SessionEvent): void => {
    log.emit(event);
  };
  const given = { briefing, prompt, workspace, emit, readBaseFile: readBaseFile.bind(null, workspace) };
  const opened = await openModel(job, { briefing, stop: stop.signal, emit });
  const ended = opened.ok
    ? await runWithModel(job, { ...given, stop, model: opened.value })
    : notStarted(openHarnessSession(job, { ...given, stop, model: null }), opened.error);
  const durationMs = job.timers.now().getTime() - startedAt;
  const told = { model, wireUsage: ended.wireUsage, stopped: stop.reason() !== null, durationMs };
  log.emit(finishSession(ended.outcome, told));
  return ended.outcome;
}

type Ended = { readonly outcome: HarnessOutcome; readonly wireUsage: Usage | null };

/** Runs the harness with its model open; whatever comes of it, the model is closed afterwards. */
async function runWithModel(
  job: Job,
  given: Omit<Parameters<typeof openHarnessSession>[1], "model"> & { readonly model: OpenModel | null },
): Promise<Ended> {
  const { model, stop } = given;
  const signal = model === null ? stop.signal : AbortSignal.any([stop.signal, model.overspent]);
  const harnessSession = openHarnessSession(job, {
    ...given,
    model: model?.access ?? null,
    stop: { signal, grace: stop.grace },
  });
  try {
    const outcome = await runHarness(harnessSession);
    harnessSession.started({ harnessVersion: null, sessionId: outcome.sessionId });
    if (model === null) return { outcome, wireUsage: null };
    const closed = await model.close();
    const accounted = accountForModel(outcome, closed);
    if (accounted.notice !== null) given.emit({ type: "notice", level: "warning", text: accounted.notice });
    return { outcome: accounted.outcome, wireUsage: closed.wire.usage };
  } finally {
    await model?.close();
  }
}

function notStarted(session: HarnessSession, summary: string): Ended {
  session.started({ harnessVersion: null, sessionId: null });
  return { outcome: notBegun({ class: "config", message: summary }), wireUsage: null };
}

async function readBaseFile({ place }: Workspace, path: string): Promise<string | null> {
  const outcome = await runGit(place, ["cat-file", "blob", `${BASE_REF}:${path}`]);
  return outcome.exitCode === 0 ? outcome.stdout.toString("utf8") : null;
}
