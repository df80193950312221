import { createHash } from "node:crypto";
import type { Result } from "../../base/result.ts";
import type { Briefing } from "../../contract/briefing.ts";
import type { Failure } from "../../contract/failure.ts";
import { MAX_BUNDLE_BYTES, type Report } from "../../contract/report.ts";
import type { Usage } from "../../contract/usage.ts";
import { createBundle } from "../git/bundle.ts";
import { commitWorkTree, type CommittedWork } from "../git/commit-work-tree.ts";
import { readDiff } from "../git/read-diff.ts";
import type { AgentResult } from "../harness/agent-result.ts";
import type { HarnessOutcome } from "../harness/harness.ts";
import type { Job } from "../job.ts";
import { makeFailure } from "../reporting/make-failure.ts";
import type { Workspace } from "../workspace.ts";
import { usageOf } from "./finish-session.ts";
import type { Session } from "./run-session.ts";

type Ended = { readonly workspace: Workspace; readonly outcome: HarnessOutcome };

/** Turns how the session ended, and what it left in the work tree, into a report and an uploaded bundle. */
export async function handOver(job: Job, session: Session, ended: Ended): Promise<Report> {
  const stopped = session.stop.reason();
  if (stopped?.kind === "cancelled") {
    await keepWork(job, session, ended.workspace);
    return { outcome: "cancelled", ...reportUsage(session, ended.outcome) };
  }
  const outcome: HarnessOutcome =
    ended.outcome.kind === "result" ? checkResult(session.briefing, ended.outcome) : ended.outcome;
  const settled = { ...ended, outcome };
  if (stopped !== null) {
    const kind = stopped.kind === "limit" ? "agent" : "timeout";
    return failWith(job, session, settled, { kind, summary: stopped.why });
  }
  if (outcome.kind === "failed") {
    const { failure: kind, summary, error } = outcome;
    const errorClass = kind === "agent" ? (error?.class ?? null) : null;
    return failWith(job, session, settled, { kind, errorClass, summary });
  }
  const { result } = outcome;
  if (result.question !== undefined) {
    return { outcome: "question", question: result.question, ...reportUsage(session, outcome) };
  }
  return handOverWork(job, session, { ...ended, result });
}

async function handOverWork(
  job: Job,
  session: Session,
  { workspace, outcome, result }: Ended & { readonly result: AgentResult },
): Promise<Report> {
  const done = {
    outcome: "done",
    summary: result.summary,
    ...(result.plan === undefined ? {} : { plan: result.plan }),
    ...(result.verdict === undefined ? {} : { verdict: result.verdict }),
    ...reportUsage(session, outcome),
  } as const;
  const work = await commit(job, session, workspace);
  if (!work.ok) return failWith(job, session, { workspace, outcome }, { kind: "scope", summary: work.error });
  for (const path of work.value.leftOut) {
    const text = `${path} steers agent programs, so only people change it: the change is left out.`;
    session.log.emit({ type: "notice", level: "warning", text });
  }
  if (work.value.headSha === null) return done;
  if (!writesFiles(session.briefing)) {
    const text = `The stage ${session.briefing.stage} hands over no files: what was changed is dropped.`;
    session.log.emit({ type: "notice", level: "warning", text });
    return done;
  }
  const bundle = await createBundle(workspace.place, workspace.bundleFile, MAX_BUNDLE_BYTES);
  if (!bundle.ok)
    return failWith(job, session, { workspace, outcome }, { kind: "scope", summary: bundle.error });
  const uploaded = await job.client.uploadBundle(session.token, bundle.value);
  if (!uploaded.ok) {
    const failure = { kind: "infrastructure", summary: uploaded.error.message } as const;
    return failWith(job, session, { workspace, outcome }, failure);
  }
  return { ...done, bundle: createHash("sha256").update(bundle.value).digest("hex") };
}

async function commit(
  job: Job,
  { briefing }: Session,
  { place, workTree }: Workspace,
): Promise<Result<CommittedWork, string>> {
  const message = `${briefing.stage}: work of attempt ${briefing.attempt}`;
  return commitWorkTree(place, { workTree, message, at: job.timers.now() });
}

/** A stopped session's work goes to the server as it is; that it could not be kept changes nothing for the report. */
async function keepWork(job: Job, session: Session, workspace: Workspace): Promise<void> {
  if (!writesFiles(session.briefing)) return;
  const work = await commit(job, session, workspace);
  if (!work.ok || work.value.headSha === null) return;
  const bundle = await createBundle(workspace.place, workspace.bundleFile, MAX_BUNDLE_BYTES);
  if (bundle.ok) await job.client.uploadBundle(session.token, bundle.value);
}

async function failWith(
  job: Job,
  session: Session,
  { workspace, outcome }: Ended,
  failure: {
    readonly kind: "agent" | "report" | "timeout" | "scope" | "infrastructure";
    readonly errorClass?: Failure["errorClass"];
    readonly summary: string;
  },
): Promise<Report> {
  const work = writesFiles(session.briefing) ? await commit(job, session, workspace) : null;
  const headSha = work?.ok === true ? work.value.headSha : null;
  const diff = headSha === null ? "" : await readDiff(workspace.place, headSha);
  return {
    outcome: "failed",
    failure: makeFailure({ ...failure, logTail: session.log.tail(), diff }),
    ...reportUsage(session, outcome),
  };
}

/** What a stage must give, and what it must not: an agent that mixes them up is told. */
function checkResult(
  briefing: Briefing,
  outcome: HarnessOutcome & { readonly kind: "result" },
): HarnessOutcome {
  const { result, ...end } = outcome;
  const { stage } = briefing;
  const wrong = (summary: string): HarnessOutcome => ({
    ...end,
    kind: "failed",
    failure: "report",
    summary,
  });
  const { outputs } = briefing.role;
  if (result.question !== undefined && outputs.length > 0 && !outputs.includes("question")) {
    return wrong(`The role ${briefing.role.name} asks no questions, but the agent did.`);
  }
  if (result.question === undefined) {
    if (stage === "plan" && result.plan === undefined) return wrong('The agent\'s result has no "plan".');
    if (stage === "review" && result.verdict === undefined)
      return wrong('The agent\'s result has no "verdict".');
  }
  if (stage !== "plan" && result.plan !== undefined) return wrong(`The stage ${stage} gives no "plan".`);
  if (stage !== "review" && result.verdict !== undefined)
    return wrong(`The stage ${stage} gives no "verdict".`);
  return outcome;
}

function writesFiles({ stage }: Briefing): boolean {
  return stage === "test" || stage === "implement";
}

function reportUsage({ briefing }: Session, outcome: HarnessOutcome): { readonly usage?: Usage } {
  const usage = usageOf(outcome, briefing.harness.model);
  return usage === null ? {} : { usage };
}
