import { assertNever } from "../base/assert-never.ts";
import type { AttemptId } from "../base/ids.ts";
import { WORKFLOW_PATH } from "../contract/workflow-path.ts";
import type { TaskCommand } from "../core/task/commands.ts";
import type { Decision } from "../core/task/decide.ts";
import { isOver } from "../core/task/derive-status.ts";
import { awaitedRun, currentAttempt } from "../core/task/evolve.ts";
import type { Effect } from "../core/task/effect.ts";
import type { Run, Task } from "../core/task/state.ts";
import { mergeMessage } from "../core/view/merge-message.ts";
import { pullRequestText } from "../core/view/pull-request-text.ts";
import type { GitHub } from "../ports/github.ts";
import type { PendingEffect } from "../ports/task-store.ts";
import { answerOnComment } from "./answer-on-comment.ts";
import { changeTask } from "./change-task.ts";
import type { AppContext } from "./context.ts";
import { mirrorTask } from "./mirror-task.ts";
import { noReplyAddress } from "./no-reply-address.ts";
import { resolveRole } from "./resolve-role.ts";
import { readChecks } from "./read-checks.ts";

/** What became of an effect: done with a sentence for the record, or to be run again later. */
export type EffectOutcome =
  | { readonly kind: "done"; readonly outcome: string }
  | { readonly kind: "later"; readonly until: Date; readonly why: string };

/**
 * Runs one effect and tells the task what came of it, in the transaction that settles the effect. An effect that the
 * task no longer wants does nothing. Throws when something outside cannot be had now.
 */
export async function runEffect(context: AppContext, pending: PendingEffect): Promise<EffectOutcome> {
  const loaded = await context.store.tasks.load(pending.task);
  if (!loaded) throw new Error(`Effect ${pending.id} belongs to no task.`);
  const run = new EffectRun(context, pending, loaded.task);
  return run.of(pending.effect);
}

class EffectRun {
  readonly #context: AppContext;
  readonly #pending: PendingEffect;
  readonly #task: Task;

  constructor(context: AppContext, pending: PendingEffect, task: Task) {
    this.#context = context;
    this.#pending = pending;
    this.#task = task;
  }

  of(effect: Effect): Promise<EffectOutcome> {
    switch (effect.kind) {
      case "mirror":
        return this.#then(() => mirrorTask(this.#context, this.#task.id, { always: false }));
      case "remove-trigger-label":
        return this.#then((github) =>
          github.removeLabel(this.#task.repository, this.#task.issue.number, this.#task.policy.trigger),
        );
      case "dispatch-run":
        return this.#dispatch(effect.attempt);
      case "cancel-run":
        return this.#then((github) => github.cancelRun(this.#task.repository, effect.runId));
      case "open-pull-request":
        return this.#openPullRequest();
      case "mark-pull-request-ready":
        return this.#then(async (github) => {
          if (this.#task.phase.kind !== "reviewable" || !this.#task.pull) return;
          await github.ensureReadyForReview(this.#task.repository, this.#task.pull.number);
        });
      case "read-checks":
        return this.#readChecks(effect.sha);
      case "merge":
        return this.#merge(effect.sha);
      case "close-pull-request":
        return this.#then(async (github) => {
          if (this.#task.pull) await github.ensureClosed(this.#task.repository, this.#task.pull.number);
        });
      case "expire-lease":
        return this.#expireLease(effect);
      case "wake":
        return this.#tell({ type: "wake" });
      case "answer":
        return this.#then((github) => answerOnComment(github, this.#task, effect));
      default:
        return assertNever(effect);
    }
  }

  async #then(act: (github: GitHub) => Promise<void>): Promise<EffectOutcome> {
    await act(await this.#context.github(this.#task.tenant));
    return { kind: "done", outcome: "done" };
  }

  /** Tells the task; the effect is settled with what that changes, or by the caller where it changes nothing. */
  async #tell(command: TaskCommand): Promise<EffectOutcome> {
    return outcomeOf(await this.#decide(command), command.type);
  }

  async #decide(command: TaskCommand): Promise<Decision> {
    const { decisions } = await changeTask(this.#context, {
      task: this.#task.id,
      actor: "baton",
      cause: `effect:${this.#pending.id}`,
      commands: [command],
      settled: { kind: "effect", id: this.#pending.id, outcome: command.type },
    });
    const [decision] = decisions;
    if (!decision) throw new Error(`${command.type} was not decided.`);
    return decision;
  }

  async #dispatch(attempt: AttemptId): Promise<EffectOutcome> {
    if (awaitedRun(this.#task)?.attempt !== attempt) return notWanted();
    const stage = currentAttempt(this.#task)?.stage;
    const role = stage && (await resolveRole(this.#context, this.#task, stage));
    if (role?.ok === false) return this.#tell({ type: "refuse-run", attempt, why: role.error });
    const github = await this.#context.github(this.#task.tenant);
    const outcome = await github.dispatchRun(this.#task.repository, {
      workflow: WORKFLOW_PATH,
      attempt,
      server: this.#context.serverUrl,
      ...(stage ? {} : { job: "verify" as const }),
    });
    if (outcome.kind === "refused") return this.#tell({ type: "refuse-run", attempt, why: outcome.why });
    const decision = await this.#decide({ type: "record-run", attempt, run: outcome.run });
    // A hold or cancel came between the dispatch and its answer, or another process that had the task was first: nobody
    // else knows of that run.
    if (!decision.ok || (await this.#hasOtherRun(attempt, outcome.run))) {
      await github.cancelRun(this.#task.repository, outcome.run.id);
    }
    return outcomeOf(decision, "record-run");
  }

  async #hasOtherRun(attempt: AttemptId, run: Run): Promise<boolean> {
    const loaded = await this.#context.store.tasks.load(this.#task.id);
    const awaited = loaded && awaitedRun(loaded.task);
    return awaited?.attempt === attempt && awaited.run !== null && awaited.run.id !== run.id;
  }

  async #openPullRequest(): Promise<EffectOutcome> {
    if (isOver(this.#task) || this.#task.pull || this.#task.headSha === null) return notWanted();
    const github = await this.#context.github(this.#task.tenant);
    const { title, body } = pullRequestText(this.#task);
    const pull = await github.ensurePullRequest(this.#task.repository, {
      head: this.#task.branch,
      base: this.#task.repository.defaultBranch,
      title,
      body,
    });
    const decision = await this.#decide({ type: "record-pull", number: pull.number, url: pull.url });
    // The task ended in between: nobody else knows of that pull request.
    if (!decision.ok) await github.ensureClosed(this.#task.repository, pull.number);
    return outcomeOf(decision, "record-pull");
  }

  async #readChecks(sha: string): Promise<EffectOutcome> {
    const outcome = await readChecks(this.#context, {
      task: this.#task.id,
      sha,
      cause: `effect:${this.#pending.id}`,
      settled: { kind: "effect", id: this.#pending.id, outcome: "Read the commit's checks." },
    });
    return { kind: "done", outcome };
  }

  async #merge(sha: string): Promise<EffectOutcome> {
    const { phase, pull, repository } = this.#task;
    if (phase.kind !== "merging" || phase.sha !== sha) return notWanted();
    if (!pull) return this.#tell({ type: "refuse-merge", sha, why: "There is no pull request to merge." });
    const github = await this.#context.github(this.#task.tenant);
    // Branch rules may require Baton's own checks, so what they say now is shown first.
    await mirrorTask(this.#context, this.#task.id, { always: false });
    await github.ensureReadyForReview(repository, pull.number);
    const { requester } = this.#task;
    const requesterEmail = noReplyAddress(await github.userIdOf(requester), requester);
    const outcome = await github.merge(repository, {
      number: pull.number,
      sha,
      method: this.#task.policy.merge.method,
      ...mergeMessage(this.#task, requesterEmail),
    });
    return outcome.kind === "merged"
      ? this.#tell({ type: "record-merge", mergeSha: outcome.sha, by: "baton" })
      : this.#tell({ type: "refuse-merge", sha, why: outcome.why });
  }

  async #expireLease({ lease }: Extract<Effect, { kind: "expire-lease" }>): Promise<EffectOutcome> {
    const { phase, policy } = this.#task;
    if (phase.kind !== "leased" || phase.lease.id !== lease) return notWanted();
    const seenAt = (await this.#context.store.attempts.leaseSeenAt(lease)) ?? phase.lease.grantedAt;
    const runsOutAt = new Date(Date.parse(seenAt) + policy.lease.ttlMs);
    if (this.#context.clock.now() < runsOutAt) {
      return { kind: "later", until: runsOutAt, why: "The lease's holder is alive." };
    }
    return this.#tell({ type: "expire-lease", lease, lastSeenAt: seenAt });
  }
}

function outcomeOf(decision: Decision, carriedOut: string): EffectOutcome {
  return { kind: "done", outcome: decision.ok ? carriedOut : decision.error.message };
}

function notWanted(): EffectOutcome {
  return { kind: "done", outcome: "The task no longer wants it." };
}
