import { assertNever } from "../../../base/assert-never.ts";
import { err, ok } from "../../../base/result.ts";
import type { Facts, TaskCommand } from "../commands.ts";
import type { Decision } from "../decide.ts";
import type { TaskEvent } from "../events.ts";
import { awaitedRun, currentAttempt, currentVerifyRun } from "../evolve.ts";
import { refuse } from "../refusal.ts";
import type { Failure, Task, VerifyRun } from "../state.ts";
import { failAttempt, failureOf } from "./attempts.ts";
import { tierEvents } from "./tier-events.ts";
import { scheduleRetry } from "./schedule-retry.ts";
import { areSettled, noteChecks } from "./settle-checks.ts";
import { stopAttempt } from "./stop-attempt.ts";

type Command<Type extends TaskCommand["type"]> = Extract<TaskCommand, { type: Type }>;

/** How often the verify command is run on one head before a person is asked, where its runs end without a result. */
const MAX_VERIFY_RUNS = 3;

/** How long a pushed commit may stay without any check before the task says that nothing verifies it. */
export const NO_CHECKS_GRACE_MS = 60_000;

export function recordRun(task: Task, command: Command<"record-run">): Decision {
  const awaited = awaitedRun(task);
  if (awaited?.attempt !== command.attempt) {
    return err(
      refuse("attempt-unknown", `Attempt ${command.attempt} is not the one that the task waits for.`),
    );
  }
  if (awaited.run?.id === command.run.id) return ok([]);
  if (awaited.run !== null) {
    return err(refuse("run-unknown", `Attempt ${awaited.attempt} is run ${awaited.run.id} already.`));
  }
  return ok([{ type: "RunStarted", attempt: awaited.attempt, run: command.run }]);
}

/** The run cannot be started until a person changes something: the workflow is missing or disabled, say. */
export function refuseRun(task: Task, command: Command<"refuse-run">): Decision {
  if (currentVerifyRun(task)?.attempt === command.attempt) {
    return ok([{ type: "TaskStuck", reason: "policy", stage: "verify", detail: command.why }]);
  }
  const attempt = currentAttempt(task);
  if (attempt?.id !== command.attempt || task.phase.kind !== "dispatched") {
    return err(refuse("attempt-unknown", `Attempt ${command.attempt} is not waiting for its run.`));
  }
  return ok([
    { type: "AttemptFailed", attempt: attempt.id, failure: failureOf("infrastructure", command.why) },
    { type: "TaskStuck", reason: "policy", stage: attempt.stage, detail: command.why },
  ]);
}

/** A run that ends while its attempt is still waited for took the attempt with it. */
export function endRun(task: Task, command: Command<"end-run">, facts: Facts): Decision {
  const verifyRun = currentVerifyRun(task);
  if (verifyRun?.run?.id === command.runId) {
    return ok(loseVerifyRun(task, verifyRun, `Its run ended (${command.conclusion}).`));
  }
  const attempt = currentAttempt(task);
  if (!attempt || attempt.run?.id !== command.runId) {
    return err(refuse("run-unknown", `Run ${command.runId} is not one that the task waits for.`));
  }
  const failure = failureOf("lost", `The run ended (${command.conclusion}) without a report.`);
  const ended: TaskEvent[] =
    task.phase.kind === "leased" ? [{ type: "LeaseEnded", lease: task.phase.lease.id, why: "expired" }] : [];
  return ok([...ended, ...failAttempt(task, attempt, failure, facts)]);
}

export function recordPull(task: Task, command: Command<"record-pull">): Decision {
  if (task.pull?.number === command.number) return ok([]);
  return ok([{ type: "PullRequestOpened", number: command.number, url: command.url }]);
}

export function recordVerification(
  task: Task,
  command: Command<"record-verification">,
  facts: Facts,
): Decision {
  const { sha, failure } = command;
  const verifyRun = currentVerifyRun(task);
  if (verifyRun?.attempt !== command.attempt || task.headSha !== sha) {
    return err(refuse("commit-differs", `${sha.slice(0, 7)} is not the commit being verified by this run.`));
  }
  // It says nothing about the work that the command could not be run.
  if (failure?.kind === "infrastructure" || failure?.kind === "lost") {
    return ok(loseVerifyRun(task, verifyRun, failure.summary));
  }
  const recorded: TaskEvent = { type: "VerificationRecorded", sha, passed: failure === null };
  return ok(failure ? [recorded, ...failVerification(task, failure, facts)] : [recorded]);
}

/** No agent is asked again for a run that broke; the command is run anew, until its runs are used up. */
function loseVerifyRun(task: Task, { attempt, number }: VerifyRun, why: string): TaskEvent[] {
  const lost: TaskEvent[] = [{ type: "VerifyRunLost", sha: task.headSha ?? "", attempt, why }];
  if (number < MAX_VERIFY_RUNS) return lost;
  const detail = `The verify command came to no result in ${number} runs. ${why}`;
  return [...lost, { type: "TaskStuck", reason: "exhausted", stage: "verify", detail }];
}

/** Green opens the way to review, red sends the work back, and a commit that nothing verifies goes nowhere. */
export function observeChecks(task: Task, command: Command<"observe-checks">, facts: Facts): Decision {
  const { phase } = task;
  if (phase.kind !== "verifying" || phase.sha !== command.sha) {
    return retryRefusedMerge(task, command);
  }
  // The checks are read again because of the change.
  if (command.policy !== task.policy.digest) return ok([]);
  const { verdict } = command;
  const waitedMs = Date.parse(facts.now) - Date.parse(phase.since);
  switch (verdict.state) {
    case "green": {
      if (!areSettled(task, phase, verdict.names, facts)) return ok(noteChecks(phase, verdict.names));
      const summary = `Green on ${phase.sha.slice(0, 7)}: ${verdict.names.join(", ")}.`;
      return ok([{ type: "StagePassed", stage: "verify", summary }]);
    }
    case "red":
      return ok(failVerification(task, verdict.failure, facts));
    case "none": {
      if (waitedMs < NO_CHECKS_GRACE_MS) return ok([]);
      const detail =
        "No check has run on the commit and the policy names no verify command: add a workflow that runs on push, or set verify.command.";
      return ok([{ type: "TaskStuck", reason: "policy", stage: "verify", detail }]);
    }
    case "pending": {
      // Nothing is run while the task is held: the time to wait begins anew when it goes on.
      if (task.hold) return ok([]);
      if (waitedMs < task.policy.verify.timeoutMs) return ok(noteChecks(phase, null));
      const summary = `The checks were not over in time: ${verdict.waitingFor.join(", ")}.`;
      return ok(failVerification(task, failureOf("timeout", summary), facts));
    }
    default:
      return assertNever(verdict);
  }
}

/** A merge that GitHub refused may go through once the commit's checks have changed. */
function retryRefusedMerge(task: Task, command: Command<"observe-checks">): Decision {
  const { phase } = task;
  if (phase.kind !== "reviewable" || phase.sha !== command.sha) {
    return err(refuse("commit-differs", `Nothing waits for the checks of ${command.sha.slice(0, 7)}.`));
  }
  if (task.mergeRefusal === null || task.hold || !phase.open || !task.policy.merge.automatic) return ok([]);
  return ok(command.verdict.state === "green" ? [{ type: "MergeRequested", sha: phase.sha }] : []);
}

function failVerification(task: Task, failure: Failure, facts: Facts): TaskEvent[] {
  return [
    { type: "StageFailed", stage: "verify", failure },
    scheduleRetry(task, "implement", failure, facts),
  ];
}

/** Somebody else moved the branch or deleted it: what was verified and approved is no longer what is there. */
export function observeHead(task: Task, command: Command<"observe-head">): Decision {
  if (task.headSha === command.sha) return ok([]);
  const { by, changedFiles } = command;
  const moved: TaskEvent[] = [
    ...stopAttempt(task, "branch-changed"),
    { type: "HeadMoved", sha: command.sha, by, changedFiles },
    ...tierEvents(task, changedFiles),
  ];
  if (command.sha === null) {
    const detail = `${nameOf(by)} deleted the branch ${task.branch}: /retry test begins again from the base, /cancel ends the task.`;
    return ok([...moved, { type: "TaskStuck", reason: "question", stage: "test", detail }]);
  }
  return ok([...moved, ...verificationOf(task, command.sha, by)]);
}

/** A person's push is verified like an agent's; where the developer had given up, it takes the developer's place. */
function verificationOf(task: Task, sha: string, by: string | null): TaskEvent[] {
  const { phase } = task;
  switch (phase.kind) {
    case "verifying":
    case "reviewable":
    case "merging":
      return [{ type: "VerificationStarted", sha }];
    case "stuck":
    case "backing-off": {
      if (phase.stage === "plan" || phase.stage === "test") return [];
      const summary = `${nameOf(by)} pushed ${sha.slice(0, 7)}.`;
      return [{ type: "StagePassed", stage: "implement", summary }];
    }
    default:
      return [];
  }
}

function nameOf(by: string | null): string {
  return by === null ? "Baton" : `@${by}`;
}

/** GitHub's merge queue waits for the checks on a commit of its own. */
export function enterQueue(task: Task, { sha }: Command<"enter-queue">): Decision {
  return ok(task.queuedSha === sha ? [] : [{ type: "QueueChanged", sha }]);
}

/** It may be told only after the next commit of the queue. */
export function leaveQueue(task: Task, { sha }: Command<"leave-queue">): Decision {
  return ok(task.queuedSha === sha ? [{ type: "QueueChanged", sha: null }] : []);
}

export function changeIssue(task: Task, command: Command<"change-issue">): Decision {
  const { issue } = command;
  const same =
    issue.title === task.issue.title &&
    issue.body === task.issue.body &&
    issue.labels.join("\n") === task.issue.labels.join("\n");
  if (same) return ok([]);
  return ok([{ type: "IssueChanged", issue }, ...tierEvents({ ...task, issue }, task.changedFiles)]);
}

export function changeRepository(task: Task, command: Command<"change-repository">): Decision {
  const { repository } = command;
  const same =
    repository.owner === task.repository.owner &&
    repository.name === task.repository.name &&
    repository.defaultBranch === task.repository.defaultBranch;
  return ok(same ? [] : [{ type: "RepositoryChanged", repository }]);
}

export function changePolicy(task: Task, command: Command<"change-policy">): Decision {
  const { policy } = command;
  if (policy.digest === task.policy.digest) return ok([]);
  return ok([{ type: "PolicyChanged", policy }, ...tierEvents({ ...task, policy }, task.changedFiles)]);
}

/** Merged, by Baton or by a person with the right to: either way the work is done. */
export function recordMerge(task: Task, command: Command<"record-merge">): Decision {
  return ok([
    ...stopAttempt(task, "over"),
    { type: "TaskCompleted", mergeSha: command.mergeSha, by: command.by },
  ]);
}

export function refuseMerge(task: Task, command: Command<"refuse-merge">): Decision {
  if (task.phase.kind !== "merging" || task.phase.sha !== command.sha) {
    return err(refuse("not-merging", "No merge of this commit is under way."));
  }
  return ok([{ type: "MergeRefused", sha: command.sha, why: command.why }]);
}

/** The pause before a retry may be over. */
export function wake(task: Task, facts: Facts): Decision {
  const { phase } = task;
  if (phase.kind !== "backing-off" || Date.parse(facts.now) < Date.parse(phase.until)) return ok([]);
  return ok([{ type: "RetryStarted", stage: phase.stage }]);
}
