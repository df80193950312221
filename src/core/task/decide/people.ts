import { err, ok } from "../../../base/result.ts";
import { assessTier } from "../../policy/assess-tier.ts";
import { approvalDigest } from "../approval-digest.ts";
import type { Facts, TaskCommand } from "../commands.ts";
import type { Decision } from "../decide.ts";
import { currentStage } from "../derive-status.ts";
import { currentAttempt } from "../evolve.ts";
import { pushersOf } from "../pushers-of.ts";
import { refuse } from "../refusal.ts";
import type { Gate, Stage, Task } from "../state.ts";
import { STAGES } from "../state.ts";
import { failureOf } from "./attempts.ts";
import { stopAttempt } from "./stop-attempt.ts";

type Command<Type extends TaskCommand["type"]> = Extract<TaskCommand, { type: Type }>;

export function start(task: Task | null, command: Command<"start">, facts: Facts): Decision {
  if (task) {
    return err(refuse("task-open", "A task for this issue exists already; /status tells how it stands."));
  }
  const { issue, policy } = command;
  const { tier, reasons } = assessTier(policy, { labels: issue.labels, paths: null });
  return ok([
    {
      type: "TaskOpened",
      task: command.task,
      tenant: command.tenant,
      repository: command.repository,
      issue,
      requester: facts.actor,
      policy,
      baseSha: command.baseSha,
      branch: command.branch,
      tier,
      tierReasons: reasons,
    },
  ]);
}

/**
 * A yes counts at the gate that is asked for, for exactly what the gate shows, and neither the requester's nor, at
 * the merge gate, that of whoever pushed onto the branch.
 */
export function approve(task: Task, command: Command<"approve">, facts: Facts): Decision {
  const asked = gateAskedFor(task, command);
  if (!asked) return err(refuse("nothing-to-approve", `Nothing waits for an approval: ${waitsFor(task)}.`));
  if (command.sha !== null && command.sha !== task.headSha) {
    return err(
      refuse(
        "commit-differs",
        `The review is of ${short(command.sha)}, the branch is at ${short(task.headSha)}.`,
      ),
    );
  }
  if (command.digest !== null && !asked.digest.startsWith(command.digest)) {
    const named = short(command.digest);
    return err(
      refuse("digest-differs", `${named} is not what waits for approval: that is ${short(asked.digest)}.`),
    );
  }
  if (command.digest === null && isBefore(command.givenAt, asked.since)) {
    return err(
      refuse(
        "approval-outdated",
        `What is to be approved changed after you wrote that; now it is ${short(asked.digest)}.`,
      ),
    );
  }
  if (facts.actor === task.requester) {
    return err(
      refuse("own-request", `@${facts.actor} asked for this work, so somebody else has to approve it.`),
    );
  }
  const { gate, digest } = asked;
  if (gate === "merge" && pushersOf(task).includes(facts.actor)) {
    const sentence = `@${facts.actor} pushed onto ${task.branch}, so somebody else has to approve it.`;
    return err(refuse("own-push", sentence));
  }
  if (
    task.approvals.some((given) => given.gate === gate && given.by === facts.actor && given.digest === digest)
  ) {
    return err(refuse("nothing-to-approve", `@${facts.actor} has approved ${short(digest)} already.`));
  }
  return ok([
    {
      type: "ApprovalGiven",
      approval: { gate, by: facts.actor, digest, at: facts.now, source: command.source },
    },
  ]);
}

/** A review always speaks of the merge, and may come before the gate is reached; a comment answers what is asked. */
function gateAskedFor(
  task: Task,
  command: Command<"approve">,
): { readonly gate: Gate; readonly digest: string; readonly since: string } | null {
  const { phase } = task;
  if (command.source === "review") {
    if (task.headSha === null) return null;
    return { gate: "merge", digest: approvalDigest(task, "merge"), since: task.subjectChangedAt };
  }
  if (phase.kind === "gated") return { gate: "plan", digest: phase.digest, since: phase.since };
  if (phase.kind === "reviewable") return { gate: "merge", digest: phase.digest, since: phase.since };
  return null;
}

/** A review that was dismissed on GitHub no longer counts; a yes by comment stands until what it covers changes. */
export function dismissApproval(task: Task, command: Command<"dismiss-approval">): Decision {
  const given = task.approvals.filter(
    ({ gate, by, source }) => gate === "merge" && by === command.reviewer && source === "review",
  );
  if (given.length === 0) {
    return err(refuse("approval-unknown", `@${command.reviewer} has no review that counts here.`));
  }
  return ok(
    given.map(({ gate, by, digest }) => ({
      type: "ApprovalVoided",
      gate,
      by,
      digest,
      changed: ["review dismissed"],
    })),
  );
}

export function retry(task: Task, command: Command<"retry">, facts: Facts): Decision {
  const attempt = currentAttempt(task);
  if (attempt) {
    const sentence = `Attempt ${attempt.number} of ${attempt.stage} is under way; /hold or /cancel stops it.`;
    return err(refuse("nothing-to-retry", sentence));
  }
  if (task.phase.kind === "merging") {
    return err(refuse("nothing-to-retry", "The pull request is being merged."));
  }
  const stage = command.stage ?? stageToRetry(task);
  if (!isReached(task, stage)) {
    const sentence = `The task has not come to ${stage} yet; it is at ${currentStage(task) ?? "review"}.`;
    return err(refuse("stage-not-reached", sentence));
  }
  return ok([{ type: "RetryRequested", by: facts.actor, stage, guidance: command.guidance }]);
}

function stageToRetry(task: Task): Stage {
  switch (task.phase.kind) {
    case "gated":
      return "plan";
    case "queued":
    case "backing-off":
    case "stuck":
      return task.phase.stage;
    default:
      return "implement";
  }
}

/** A stage can be tried again when all before it have passed, and what it works on is there. */
function isReached(task: Task, stage: Stage): boolean {
  const before = task.stages.slice(0, STAGES.indexOf(stage));
  if (stage === "verify" && task.headSha === null) return false;
  return before.every(({ state }) => state === "passed");
}

/** A person wants something else: the work goes back to the developer with their words as guidance. */
export function requestChanges(task: Task, command: Command<"request-changes">, facts: Facts): Decision {
  if (command.sha !== task.headSha) {
    return err(
      refuse(
        "commit-differs",
        `The review is of ${short(command.sha)}, the branch is at ${short(task.headSha)}.`,
      ),
    );
  }
  if (task.phase.kind !== "reviewable") {
    return err(
      refuse(
        "nothing-to-retry",
        `Changes can be asked for once the work is ready for review: ${waitsFor(task)}.`,
      ),
    );
  }
  const guidance = command.body.trim() === "" ? null : command.body;
  const failure = failureOf(
    "changes-requested",
    `@${facts.actor} asks for changes.`,
    command.body.slice(0, 20_000),
  );
  return ok([
    { type: "StageFailed", stage: "review", failure },
    { type: "RetryRequested", by: facts.actor, stage: "implement", guidance },
  ]);
}

export function cancel(task: Task, command: Command<"cancel">, facts: Facts): Decision {
  return ok([...stopAttempt(task, "over"), { type: "TaskCancelled", by: facts.actor, why: command.why }]);
}

/** Whatever runs is stopped, its work so far kept by its runner; `/resume` begins that stage again. */
export function hold(task: Task, facts: Facts): Decision {
  if (task.hold) {
    return err(refuse("already-held", `@${task.hold.by} holds this task already; /resume lets it go on.`));
  }
  return ok([{ type: "TaskHeld", by: facts.actor }, ...stopAttempt(task, "hold")]);
}

export function resume(task: Task, facts: Facts): Decision {
  if (!task.hold) return err(refuse("not-held", "Nobody holds this task."));
  return ok([{ type: "TaskResumed", by: facts.actor }]);
}

/** GitHub tells whole seconds only, so a yes of the same second counts; a yes with its digest leaves no doubt. */
function isBefore(givenAt: string, since: string): boolean {
  return Math.floor(Date.parse(givenAt) / 1_000) < Math.floor(Date.parse(since) / 1_000);
}

function waitsFor(task: Task): string {
  const stage = currentStage(task);
  if (task.phase.kind === "merging") return "the pull request is being merged";
  if (task.phase.kind === "stuck") return `${task.phase.stage} waits for a person's /retry`;
  return stage ? `the task is at ${stage}` : "the task has passed all stages";
}

function short(sha: string | null): string {
  return sha === null ? "nothing" : sha.slice(0, 7);
}
