import type { Effect } from "./effect.ts";
import type { EventMeta, TaskEvent } from "./events.ts";
import { awaitedRun, currentAttempt, currentVerifyRun, evolve } from "./evolve.ts";
import { NO_CHECKS_GRACE_MS } from "./decide/observations.ts";
import type { Task } from "./state.ts";

/**
 * What must be done outside because of these events. The mirror comes before what moves things, so that people see it
 * first, but after the pull request is out of draft: what is shown as ready can be merged.
 */
export function effects(
  before: Task | null,
  events: readonly TaskEvent[],
  meta: EventMeta,
): readonly Effect[] {
  if (events.length === 0) return [];
  const found: Effect[] = [];
  let task = before;
  for (const event of events) {
    const after = evolve(task, event, meta);
    const since = task ?? after;
    found.push(...effectsOf(event, since, after, meta), ...cancelVerifyRun(event, since, after));
    task = after;
  }
  const wanted = task ? withoutSuperseded(found, task) : found;
  const isReady = ({ kind }: Effect): boolean => kind === "mark-pull-request-ready";
  return [...wanted.filter(isReady), { kind: "mirror" }, ...wanted.filter((effect) => !isReady(effect))];
}

function effectsOf(event: TaskEvent, before: Task, after: Task, meta: EventMeta): Effect[] {
  switch (event.type) {
    case "TaskOpened":
      return [{ kind: "remove-trigger-label" }];
    case "AttemptDispatched":
      return [{ kind: "dispatch-run", attempt: event.attempt.id }];
    case "LeaseGranted":
      return [{ kind: "expire-lease", lease: event.lease, notBefore: later(meta, after.policy.lease.ttlMs) }];
    case "AttemptStopped":
      return cancelRunOf(before);
    case "LeaseEnded":
      return event.why === "expired" ? cancelRunOf(before) : [];
    case "WorkDelivered":
      return after.pull ? [] : [{ kind: "open-pull-request" }];
    case "VerificationStarted":
      return awaitChecks(event.sha, after, meta);
    case "TaskResumed":
      return after.phase.kind === "verifying" ? awaitChecks(after.phase.sha, after, meta) : [];
    case "ChecksSeen": {
      const notBefore = later(meta, after.policy.verify.settleMs);
      return event.green ? [{ kind: "read-checks", sha: event.sha, notBefore }] : [];
    }
    case "VerifyRunDispatched":
      return [{ kind: "dispatch-run", attempt: event.attempt }, ...awaitVerifyRun(event.sha, before, meta)];
    case "VerificationRecorded":
      return event.passed ? [{ kind: "read-checks", sha: event.sha, notBefore: null }] : [];
    case "PolicyChanged":
      // What the policy demands of the checks may be another thing now.
      if (after.phase.kind !== "verifying") return [];
      return [{ kind: "read-checks", sha: after.phase.sha, notBefore: null }];
    case "RetryScheduled":
    case "AttemptPutOff":
      return [{ kind: "wake", notBefore: event.until }];
    case "GateReached":
      if (event.gate !== "merge") return [];
      // The first try to open it may have been given up.
      return [{ kind: after.pull ? "mark-pull-request-ready" : "open-pull-request" }];
    case "PullRequestOpened":
      return after.phase.kind === "reviewable" ? [{ kind: "mark-pull-request-ready" }] : [];
    case "MergeRequested":
      return [{ kind: "merge", sha: event.sha }];
    case "TaskCancelled":
      return after.pull ? [{ kind: "close-pull-request" }] : [];
    default:
      return [];
  }
}

/** The checks are read now, when some should be there, and when they should be over. */
function awaitChecks(sha: string, { policy }: Task, meta: EventMeta): Effect[] {
  return [null, later(meta, NO_CHECKS_GRACE_MS), later(meta, policy.verify.timeoutMs)].map((notBefore) => ({
    kind: "read-checks",
    sha,
    notBefore,
  }));
}

/** A run that does not come with the start of the wait for checks has the whole time for itself. */
function awaitVerifyRun(sha: string, { phase, policy }: Task, meta: EventMeta): Effect[] {
  if (phase.kind === "verifying" && phase.since === meta.at) return [];
  return [{ kind: "read-checks", sha, notBefore: later(meta, policy.verify.timeoutMs) }];
}

function cancelRunOf(task: Task): Effect[] {
  const run = currentAttempt(task)?.run;
  return run ? [{ kind: "cancel-run", runId: run.id }] : [];
}

/** A run of the verify command that is no longer waited for: on hold, over, red already, or for another head. */
function cancelVerifyRun({ type }: TaskEvent, before: Task, after: Task): Effect[] {
  const verifyRun = currentVerifyRun(before);
  const hasEnded = type === "VerificationRecorded" || type === "VerifyRunLost";
  if (!verifyRun?.run || hasEnded || currentVerifyRun(after)?.attempt === verifyRun.attempt) return [];
  return [{ kind: "cancel-run", runId: verifyRun.run.id }];
}

/** A dispatch whose attempt was stopped in the same decision is not worth starting. */
function withoutSuperseded(found: readonly Effect[], after: Task): readonly Effect[] {
  const attempt = awaitedRun(after)?.attempt;
  return found.filter((effect) => effect.kind !== "dispatch-run" || effect.attempt === attempt);
}

function later(meta: EventMeta, ms: number): string {
  return new Date(Date.parse(meta.at) + ms).toISOString();
}
