import type { RecordedEvent, TaskEvent, TaskEventType } from "../task/events.ts";
import type { Gate, Stage } from "../task/state.ts";
import { plainLine } from "./inline-text.ts";
import { costOf, countTokens } from "./spending-text.ts";
import { shortDigest } from "./short-digest.ts";
import { showInstant } from "./show-time.ts";

const MAX_QUOTE = 200;

/**
 * One event as one sentence of plain text for terminals, timelines and the record: what happened and through whom.
 * The time is the reader's to show.
 */
export function auditLine({ meta, event }: RecordedEvent): string {
  return sentenceOf(event, plainLine(meta.actor, 60));
}

type Sentence<Type extends TaskEventType> = (
  event: Extract<TaskEvent, { type: Type }>,
  actor: string,
) => string;

function sentenceOf<Type extends TaskEventType>(
  event: Extract<TaskEvent, { type: Type }>,
  actor: string,
): string {
  const sentence: Sentence<Type> = SENTENCES[event.type];
  return sentence(event, actor);
}

const SENTENCES: { readonly [Type in TaskEventType]: Sentence<Type> } = {
  TaskOpened: ({ issue, requester, tier }) =>
    `${login(requester)} asked for work on issue ${issue.number}, "${plainLine(issue.title, MAX_QUOTE)}" (tier ${tier}).`,
  AttemptDispatched: ({ attempt }) =>
    `Attempt ${attempt.number} of ${attempt.stage} was handed to the ${attempt.role} (${harness(attempt)}).`,
  RunStarted: ({ run }) => `Run ${run.id} was started for it.`,
  LeaseGranted: ({ runId }) => `Run ${runId} took the lease.`,
  LeaseEnded: ({ why }) => LEASE_ENDINGS[why],
  AttemptReported: ({ summary }) => `The agent reported: ${quote(summary)}`,
  UsageRecorded: ({ spending }) => `It used ${countTokens(spending)}; cost: ${costOf(spending)}.`,
  AttemptFailed: ({ failure }) => `The attempt failed: ${quote(failure.summary)}`,
  AttemptPutOff: ({ failure, outage, until }) =>
    `The model's provider did not answer (${count(outage, "time")} in a row), and the attempt was put off until ${showInstant(until)}: ${quote(failure.summary)}`,
  AttemptStopped: ({ why }) => `The attempt was stopped, ${STOPS[why]}.`,
  PlanProposed: ({ plan }) => `A plan was proposed for ${count(plan.paths.length, "path")}.`,
  WorkDelivered: ({ headSha, changedFiles }) =>
    `Work was pushed as ${shortDigest(headSha)}; the branch differs in ${count(changedFiles.length, "file")}.`,
  StagePassed: ({ stage, summary }) =>
    `${capital(stage)} passed${summary === "" ? "." : `: ${quote(summary)}`}`,
  StageFailed: ({ stage, failure }) => `${capital(stage)} failed: ${quote(failure.summary)}`,
  VerificationStarted: ({ sha }) => `The checks of ${shortDigest(sha)} are waited for.`,
  ChecksSeen: ({ sha, green }) =>
    green
      ? `All ${count(green.length, "check")} of ${shortDigest(sha)} ${green.length === 1 ? "is" : "are"} green; others may still come.`
      : `Checks of ${shortDigest(sha)} are under way again.`,
  VerifyRunDispatched: ({ sha, number }) =>
    `The verify command was sent to run on ${shortDigest(sha)}${number === 1 ? "." : `, try ${number}.`}`,
  VerifyRunLost: ({ why }) => `The verify command came to no result: ${quote(why)}`,
  VerificationRecorded: ({ sha, passed }) =>
    `The verify command ${passed ? "passed" : "failed"} on ${shortDigest(sha)}.`,
  PullRequestOpened: ({ number }) => `Pull request ${number} was opened.`,
  HeadMoved: ({ sha, by }) =>
    sha === null
      ? `${login(by)} deleted the branch.`
      : `${login(by)} moved the branch to ${shortDigest(sha)}.`,
  RetryScheduled: ({ stage, attemptNumber, until }) =>
    `Attempt ${attemptNumber} of ${stage} was put off until ${showInstant(until)}.`,
  RetryStarted: ({ stage }) => `The pause before trying ${stage} again is over.`,
  RetryRequested: ({ by, stage, guidance }) =>
    `${login(by)} asked for another try of ${stage}${guidance === null ? "." : `: ${quote(guidance)}`}`,
  TaskStuck: ({ stage, reason, detail }) =>
    `${capital(stage)} waits for a person (${reason}): ${quote(detail)}`,
  GateReached: ({ gate, digest }) => `The ${gate} gate was reached; it asks about ${shortDigest(digest)}.`,
  ApprovalGiven: ({ approval: { by, gate, digest, source } }) =>
    `${login(by)} approved ${subject(gate)} (${shortDigest(digest)}) by ${source}.`,
  ApprovalVoided: ({ by, gate, digest, changed }) =>
    `The approval of ${subject(gate)} (${shortDigest(digest)}) by ${login(by)} is void${changes(changed)}.`,
  GateOpened: ({ gate, digest }) => `The ${gate} gate opened for ${shortDigest(digest)}.`,
  TierChanged: ({ tier, reasons: [reason] }) =>
    `The tier is ${tier} now${reason === undefined ? "." : `: ${quote(reason)}`}`,
  IssueChanged: (_event, actor) => `${login(actor)} changed the issue.`,
  RepositoryChanged: ({ repository: { owner, name } }) =>
    `The repository is ${plainLine(`${owner}/${name}`, 200)} now.`,
  PolicyChanged: ({ policy }, actor) => `${login(actor)} changed the policy (${shortDigest(policy.digest)}).`,
  TaskHeld: ({ by }) => `${login(by)} put the task on hold.`,
  TaskResumed: ({ by }) => `${login(by)} let the task go on.`,
  QueueChanged: ({ sha }) =>
    sha === null ? "It left GitHub's merge queue." : `GitHub's merge queue checks it as ${shortDigest(sha)}.`,
  MergeRequested: ({ sha }) => `The merge of ${shortDigest(sha)} was asked for.`,
  MergeRefused: ({ sha, why }) => `GitHub refused to merge ${shortDigest(sha)}: ${quote(why)}`,
  TaskCompleted: ({ mergeSha, by }) => `${login(by)} merged it as ${shortDigest(mergeSha)}.`,
  TaskCancelled: ({ by, why }) => `${login(by)} cancelled the task${why === "" ? "." : `: ${quote(why)}`}`,
};

const LEASE_ENDINGS: { readonly [W in Extract<TaskEvent, { type: "LeaseEnded" }>["why"]]: string } = {
  finished: "The lease ended with its report.",
  expired: "The lease ran out without a sign of life.",
  revoked: "The lease was taken back.",
};

const STOPS: { readonly [W in Extract<TaskEvent, { type: "AttemptStopped" }>["why"]]: string } = {
  hold: "since the task is on hold",
  over: "since the task is over",
  "approval-voided": "since what was approved has changed",
  "branch-changed": "since the branch was changed",
};

function harness({
  harness: name,
  model,
}: {
  readonly harness: string;
  readonly model: string | null;
}): string {
  return plainLine(model === null ? name : `${name}, ${model}`, 100);
}

/** Baton's own doing has a capital, a login stays as it is. */
function login(name: string | null): string {
  return name === null || name === "baton" ? "Baton" : plainLine(name, 60);
}

/** Somebody's words at the end of a sentence. */
function quote(text: string): string {
  const line = plainLine(text, MAX_QUOTE);
  return /[.!?…]$/u.test(line) ? line : `${line}.`;
}

function subject(gate: Gate): string {
  return gate === "plan" ? "the plan" : "the merge";
}

function changes(changed: readonly string[]): string {
  return changed.length === 0 ? "" : `: ${changed.map((part) => plainLine(part, 100)).join(", ")} changed`;
}

function count(number: number, noun: string): string {
  return `${number} ${noun}${number === 1 ? "" : "s"}`;
}

function capital(stage: Stage): string {
  return stage.charAt(0).toUpperCase() + stage.slice(1);
}
