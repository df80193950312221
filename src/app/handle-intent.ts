import { assertNever } from "../base/assert-never.ts";
import type { DeliveryId, TaskId } from "../base/ids.ts";
import { taskOfAttempt } from "../base/ids.ts";
import type { TaskCommand } from "../core/task/commands.ts";
import { awaitedRun } from "../core/task/evolve.ts";
import { GitHubUnavailable } from "../ports/github-unavailable.ts";
import { changeTask, type Change } from "./change-task.ts";
import { showPolicyCheck } from "./check-policy.ts";
import type { AppContext } from "./context.ts";
import type { Intent } from "./intent.ts";
import { answerComment } from "./intents/answer-comment.ts";
import { changePolicyOfTasks } from "./intents/change-policy-of-tasks.ts";
import { closeIssue } from "./intents/close-issue.ts";
import { observeBranch } from "./intents/observe-branch.ts";
import { rerunCheck } from "./intents/rerun-check.ts";
import { takeReview } from "./intents/take-review.ts";
import { startTask } from "./intents/start-task.ts";
import { mirrorTask } from "./mirror-task.ts";
import { readChecks } from "./read-checks.ts";
import { readIssue } from "./refresh-subject.ts";

type InRepository = Extract<Intent, { repository: unknown }>;

/**
 * Does what a webhook asks for and settles its delivery, in the same transaction as what it changes where it changes
 * something. Throws when something outside is needed and cannot be had now: the delivery stays and is tried again.
 */
export async function handleIntent(context: AppContext, intent: Intent, delivery: DeliveryId): Promise<void> {
  const outcome = await carryOut(context, intent, delivery);
  // Settling twice keeps the first outcome: what was stored with the change itself stays.
  await context.store.inbox.settle(delivery, outcome);
}

async function carryOut(context: AppContext, intent: Intent, delivery: DeliveryId): Promise<string> {
  switch (intent.kind) {
    case "ignored":
      return intent.reason;
    case "label-added":
      return startTask(context, intent, delivery);
    case "comment-created":
      return answerComment(context, intent, delivery);
    case "label-removed":
    case "issue-edited":
      return changeIssue(context, intent, delivery);
    case "comment-changed":
      return intent.own ? showAgain(context, intent) : "Edited comments command nothing.";
    case "issue-reopened":
      return "Reopening an issue starts nothing; the label does.";
    case "issue-closed":
      return closeIssue(context, intent, delivery);
    case "review-submitted":
    case "review-dismissed":
      return takeReview(context, intent, delivery);
    case "pull-updated":
      return checkPolicyOfPull(context, intent);
    case "pull-closed":
      return closePull(context, intent, delivery);
    case "queue-entered":
    case "queue-left":
      return observeQueue(context, intent, delivery);
    case "branch-pushed":
    case "branch-deleted":
      return observeBranch(context, intent, delivery);
    case "checks-changed":
      return lookAtChecks(context, intent, delivery);
    case "check-rerequested":
      return rerunCheck(context, intent, delivery);
    case "workflow-run-completed":
      return endRun(context, intent, delivery);
    case "policy-changed":
      return changePolicyOfTasks(context, intent, delivery);
    case "default-branch-renamed":
    case "repository-renamed":
      return inAllOf(context, intent, delivery, { type: "change-repository", repository: intent.repository });
    case "repository-gone":
      return inAllOf(context, intent, delivery, { type: "cancel", why: `the repository was ${intent.why}` });
    case "installation-removed":
    case "installation-restored":
    case "repositories-removed":
      return leaveRepositories(context, intent, delivery);
    default:
      return assertNever(intent);
  }
}

async function changeIssue(
  context: AppContext,
  intent: Extract<Intent, { kind: "label-removed" | "issue-edited" }>,
  delivery: DeliveryId,
): Promise<string> {
  const found = await context.store.tasks.findByIssue(intent.repository.id, intent.issue.number);
  if (!found) return "No task works on this issue.";
  const { id } = found.task;
  const issue = await readIssue(await context.github(intent.tenant), found.task);
  if (!issue) return "The issue is gone.";
  const changed = await apply(context, intent, delivery, {
    task: id,
    command: { type: "change-issue", issue },
  });
  // Somebody may have taken a status label away by hand: it displays the state, so it comes back.
  if (intent.kind === "label-removed") await mirrorTask(context, id, { always: true });
  return changed;
}

async function showAgain(
  context: AppContext,
  intent: Extract<Intent, { kind: "comment-changed" }>,
): Promise<string> {
  const found = await context.store.tasks.findByIssue(intent.repository.id, intent.issue.number);
  if (!found || intent.sender.login === context.identity.login) return "Nothing to show again.";
  await mirrorTask(context, found.task.id, { always: true });
  return "Showed the status again.";
}

async function closePull(
  context: AppContext,
  intent: Extract<Intent, { kind: "pull-closed" }>,
  delivery: DeliveryId,
): Promise<string> {
  const { repository, pull, mergeSha, sender } = intent;
  const found = await context.store.tasks.findByPull(repository.id, pull.number);
  if (!found) return "Not a pull request of Baton's.";
  const task = found.task.id;
  if (mergeSha !== null) {
    const command = { type: "record-merge", mergeSha, by: sender.login } as const;
    return apply(context, intent, delivery, { task, seen: found, command });
  }
  // GitHub closes the pull request of a branch that was deleted, and tells of the two in any order.
  const github = await context.github(intent.tenant);
  if ((await github.headOf(repository, pull.headRef)) === null) {
    return "It was closed with its branch, whose deletion has an event of its own.";
  }
  const command = { type: "cancel", why: "the pull request was closed" } as const;
  return apply(context, intent, delivery, { task, command });
}

async function observeQueue(
  context: AppContext,
  intent: Extract<Intent, { kind: "queue-entered" | "queue-left" }>,
  delivery: DeliveryId,
): Promise<string> {
  const { kind, repository, pullNumber, sha } = intent;
  const found = await context.store.tasks.findByPull(repository.id, pullNumber);
  if (!found) return "Not a pull request of Baton's.";
  const command = { type: kind === "queue-entered" ? "enter-queue" : "leave-queue", sha } as const;
  return apply(context, intent, delivery, { task: found.task.id, seen: found, command });
}

async function lookAtChecks(
  context: AppContext,
  intent: Extract<Intent, { kind: "checks-changed" }>,
  delivery: DeliveryId,
): Promise<string> {
  for (const branch of intent.branches) {
    const found = await context.store.tasks.findByBranch(intent.repository.id, branch);
    if (!found) continue;
    return readChecks(context, {
      task: found.task.id,
      sha: intent.sha,
      cause: `delivery:${delivery}`,
      settled: { kind: "delivery", id: delivery, outcome: "Read the commit's checks." },
    });
  }
  return "No task waits for this commit.";
}

async function endRun(
  context: AppContext,
  intent: Extract<Intent, { kind: "workflow-run-completed" }>,
  delivery: DeliveryId,
): Promise<string> {
  const found = await context.store.tasks.findByRun(intent.repository.id, intent.runId);
  if (!found) {
    await comeBackIfUnrecorded(context, intent);
    return "No task waits for this run.";
  }
  return apply(context, intent, delivery, {
    task: found.task.id,
    seen: found,
    actor: "baton",
    command: { type: "end-run", runId: intent.runId, conclusion: intent.conclusion },
  });
}

/** A run can be over before GitHub's answer to its dispatch is on record: whoever waits for it must hear of its end. */
async function comeBackIfUnrecorded(
  context: AppContext,
  { attempt, repository }: Extract<Intent, { kind: "workflow-run-completed" }>,
): Promise<void> {
  if (attempt === null) return;
  const task = (await context.store.tasks.load(taskOfAttempt(attempt)))?.task;
  if (task?.repository.id !== repository.id) return;
  const awaited = awaitedRun(task);
  if (awaited?.attempt !== attempt || awaited.run !== null) return;
  throw new GitHubUnavailable(`GitHub has not said yet which run ${attempt} became.`);
}

async function checkPolicyOfPull(
  context: AppContext,
  intent: Extract<Intent, { kind: "pull-updated" }>,
): Promise<string> {
  const github = await context.github(intent.tenant);
  return showPolicyCheck(context, github, intent.repository, {
    sha: intent.pull.headSha,
    base: intent.pull.baseRef,
  });
}

async function leaveRepositories(
  context: AppContext,
  intent: Extract<
    Intent,
    { kind: "installation-removed" | "installation-restored" | "repositories-removed" }
  >,
  delivery: DeliveryId,
): Promise<string> {
  if (intent.kind === "installation-restored") return "The App is installed again; labels start new work.";
  const why =
    intent.kind === "repositories-removed"
      ? "the App was taken out of the repository"
      : `the App's installation was ${intent.why}`;
  const gone =
    intent.kind === "repositories-removed"
      ? await openInRepositories(context, intent.repositoryIds)
      : await context.store.tasks.listOpenOfTenant(intent.tenant);
  for (const task of gone) {
    await changeTask(context, {
      task,
      actor: intent.sender.login,
      cause: `delivery:${delivery}`,
      commands: [{ type: "cancel", why }],
      settled: { kind: "none" },
    });
  }
  return `Cancelled ${gone.length} tasks: ${why}.`;
}

async function inAllOf(
  context: AppContext,
  intent: InRepository,
  delivery: DeliveryId,
  command: TaskCommand,
): Promise<string> {
  const tasks = await context.store.tasks.listOpenInRepository(intent.repository.id);
  for (const task of tasks) {
    await changeTask(context, {
      task,
      actor: intent.sender.login,
      cause: `delivery:${delivery}`,
      commands: [command],
      settled: { kind: "none" },
    });
  }
  return `Told ${tasks.length} tasks.`;
}

async function openInRepositories(context: AppContext, ids: readonly number[]): Promise<readonly TaskId[]> {
  const found: TaskId[] = [];
  for (const id of ids) found.push(...(await context.store.tasks.listOpenInRepository(id)));
  return found;
}

/** One command for one task; a refusal's sentence is the delivery's outcome. */
async function apply(
  context: AppContext,
  intent: InRepository,
  delivery: DeliveryId,
  given: Pick<Change, "task" | "seen"> & { readonly command: TaskCommand; readonly actor?: string },
): Promise<string> {
  const { decisions, stored } = await changeTask(context, {
    task: given.task,
    ...(given.seen && { seen: given.seen }),
    actor: given.actor ?? intent.sender.login,
    cause: `delivery:${delivery}`,
    repository: intent.repository,
    commands: [given.command],
    settled: { kind: "delivery", id: delivery, outcome: `Carried out: ${given.command.type}.` },
  });
  const [decision] = decisions;
  if (stored) return `Carried out: ${given.command.type}.`;
  return decision?.ok === false ? decision.error.message : "Nothing changed.";
}
