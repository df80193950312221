import { writeFile } from "node:fs/promises";
import type { Briefing } from "../../contract/briefing.ts";
import type { Report } from "../../contract/report.ts";
import { askForTask } from "../briefing/ask-for-task.ts";
import { cleanBriefing } from "../briefing/clean-briefing.ts";
import { renderPrompt } from "../briefing/render-prompt.ts";
import { startCommit } from "../briefing/start-commit.ts";
import { BASE_REF, prepareWorkTree, START_REF } from "../git/prepare-work-tree.ts";
import { fetchCommits } from "../git/remote.ts";
import { runGit } from "../git/run-git.ts";
import type { HarnessOutcome } from "../harness/harness.ts";
import { HARNESSES } from "../harness/registry.ts";
import type { Job } from "../job.ts";
import type { SessionLog } from "../reporting/session-log.ts";
import { createWorkspace, type Workspace } from "../workspace.ts";
import { finishSession } from "./finish-session.ts";
import { handOver } from "./hand-over.ts";
import { openHarnessSession } from "./open-harness-session.ts";
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
  const outcome = await runHarness(job, session, workspace);
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

async function runHarness(job: Job, session: Session, workspace: Workspace): Promise<HarnessOutcome> {
  const { briefing, log, stop } = session;
  const prompt = renderPrompt(briefing);
  await writeFile(workspace.promptFile, prompt);
  await writeFile(workspace.briefingFile, `${JSON.stringify(briefing, null, 2)}\n`);
  const startedAt = job.timers.now().getTime();
  const { name, model } = briefing.harness;
  const harness = HARNESSES[name];
  if (harness === undefined)
    throw new Error(`This version of Baton's action cannot run the harness ${name}.`);
  const harnessSession = openHarnessSession(job, {
    briefing,
    prompt,
    workspace,
    model: null,
    stop,
    emit: (event) => {
      log.emit(event);
    },
    readBaseFile: (path) => readBaseFile(workspace, path),
  });
  const outcome = await harness(harnessSession);
  harnessSession.started({ harnessVersion: null, sessionId: outcome.sessionId });
  const durationMs = job.timers.now().getTime() - startedAt;
  log.emit(finishSession(outcome, { model, stopped: stop.reason() !== null, durationMs }));
  return outcome;
}

async function readBaseFile({ place }: Workspace, path: string): Promise<string | null> {
  const outcome = await runGit(place, ["cat-file", "blob", `${BASE_REF}:${path}`]);
  return outcome.exitCode === 0 ? outcome.stdout.toString("utf8") : null;
}
