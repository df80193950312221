import type { DeliveryId } from "../../base/ids.ts";
import { taskId } from "../../base/ids.ts";
import { authorize } from "../../core/policy/authorize.ts";
import type { Policy } from "../../core/policy/policy.ts";
import { deriveStatus, isOver } from "../../core/task/derive-status.ts";
import type { Issue, Repository, Task } from "../../core/task/state.ts";
import { sameLabel } from "../../core/same-label.ts";
import { policyProblemComment } from "../../core/view/policy-problem.ts";
import type { GitHub } from "../../ports/github.ts";
import { changeTask } from "../change-task.ts";
import { showPolicyCheck } from "../check-policy.ts";
import type { AppContext } from "../context.ts";
import type { Intent } from "../intent.ts";
import { readPolicy } from "../read-policy.ts";
import { readIssue } from "../refresh-subject.ts";
import { STATUS_LABEL_PREFIX } from "../status-label-prefix.ts";
import { withoutOwnLabels } from "./without-own-labels.ts";

type Labelled = Extract<Intent, { kind: "label-added" }>;

/** A label that starts work, or one that may change the tier of work under way. */
export async function startTask(
  context: AppContext,
  intent: Labelled,
  delivery: DeliveryId,
): Promise<string> {
  if (intent.label.startsWith(STATUS_LABEL_PREFIX)) return "A status label only displays.";
  const github = await context.github(intent.tenant);
  const baseSha = await github.headOf(intent.repository, intent.repository.defaultBranch);
  if (baseSha === null) return "The repository has no commit on its default branch.";
  const read = await readPolicy(github, intent.repository, baseSha);
  if (read.kind !== "valid") {
    if (!sameLabel(intent.label, DEFAULT_TRIGGER)) return "Not a label that Baton knows.";
    await tellPolicyProblem(context, { github, intent, baseSha, read });
    return `The policy is ${read.kind}; the issue says what to do.`;
  }
  const { policy } = read;
  if (!sameLabel(intent.label, policy.trigger)) return changeLabels(context, intent, delivery);
  if (intent.isPull) return "The trigger label starts work on issues, not on pull requests.";
  // The event may have come late: what counts is what the issue says now.
  const found = await github.issue(intent.repository, intent.issue.number);
  if (!found?.labels.includes(intent.label)) return "The label is gone again.";
  const { title, body, labels } = found;
  const issue = { number: intent.issue.number, title, body, labels };
  const allowed = await mayStart(github, intent, policy);
  if (!allowed.ok) {
    await github.removeLabel(intent.repository, intent.issue.number, intent.label);
    await answerInline(github, intent, delivery, allowed.error.message);
    return allowed.error.message;
  }
  return open(context, {
    github,
    intent: { ...intent, issue },
    policy,
    baseSha,
    delivery,
  });
}

const DEFAULT_TRIGGER = "baton";

async function mayStart(github: GitHub, intent: Labelled, policy: Policy) {
  const role = await github.roleOf(intent.repository, intent.sender.login);
  return authorize(policy, "start", {
    login: intent.sender.login,
    role,
    isBot: intent.sender.type === "bot",
  });
}

async function open(
  context: AppContext,
  given: {
    readonly github: GitHub;
    readonly intent: Labelled;
    readonly policy: Policy;
    readonly baseSha: string;
    readonly delivery: DeliveryId;
  },
): Promise<string> {
  const { github, intent, policy, baseSha, delivery } = given;
  const { repository, tenant, sender } = intent;
  const last = await newestTask(context, repository, intent.issue.number);
  if (last && !isOver(last)) {
    await github.removeLabel(repository, intent.issue.number, policy.trigger);
    const sentence = `This issue is being worked on already (${deriveStatus(last)}); \`/retry\` or \`/cancel\` steer it.`;
    await answerInline(github, intent, delivery, sentence);
    return sentence;
  }
  const generation = last ? generationOf(last) + 1 : 1;
  const issue = withoutOwnLabels(intent.issue, policy);
  const changed = await changeTask(context, {
    task: taskId(repository.id, issue.number, generation),
    actor: sender.login,
    cause: `delivery:${delivery}`,
    commands: [
      {
        type: "start",
        task: taskId(repository.id, issue.number, generation),
        tenant,
        repository,
        issue,
        policy,
        baseSha,
        branch: branchName(issue, generation),
      },
    ],
    settled: { kind: "delivery", id: delivery, outcome: "Started a task." },
  });
  return changed.stored ? "Started a task." : "The task was there already.";
}

async function newestTask(
  context: AppContext,
  repository: Repository,
  issueNumber: number,
): Promise<Task | null> {
  return (await context.store.tasks.findByIssue(repository.id, issueNumber))?.task ?? null;
}

function generationOf(task: Task): number {
  return Number(task.id.slice(task.id.lastIndexOf("-") + 1));
}

/** `baton/<issue>-<slug>`; a task that starts anew on the issue gets a branch of its own. */
function branchName(issue: Issue, generation: number): string {
  const slug = issue.title
    .normalize("NFKD")
    .toLowerCase()
    .replace(/[^a-z0-9]+/g, "-")
    .replace(/^-|-$/g, "")
    .slice(0, 40)
    .replace(/-$/, "");
  const name = `baton/${issue.number}-${slug === "" ? "issue" : slug}`;
  return generation === 1 ? name : `${name}-${generation}`;
}

async function changeLabels(context: AppContext, intent: Labelled, delivery: DeliveryId): Promise<string> {
  const last = await newestTask(context, intent.repository, intent.issue.number);
  const issue = last ? await readIssue(await context.github(intent.tenant), last) : null;
  if (!last || !issue) return "Not a label that Baton knows.";
  await changeTask(context, {
    task: last.id,
    actor: intent.sender.login,
    cause: `delivery:${delivery}`,
    repository: intent.repository,
    commands: [{ type: "change-issue", issue }],
    settled: { kind: "delivery", id: delivery, outcome: "Noted the label." },
  });
  return "The label changes nothing.";
}

async function tellPolicyProblem(
  context: AppContext,
  given: {
    readonly github: GitHub;
    readonly intent: Labelled;
    readonly baseSha: string;
    readonly read: Exclude<Awaited<ReturnType<typeof readPolicy>>, { kind: "valid" }>;
  },
): Promise<void> {
  const { github, intent, baseSha, read } = given;
  const { repository, issue } = intent;
  await github.removeLabel(repository, issue.number, intent.label);
  const marker = "<!-- baton:policy-problem -->";
  await github.ensureComment(repository, issue.number, marker, policyProblemComment(marker, read));
  if (read.kind === "invalid")
    await showPolicyCheck(context, github, repository, { sha: baseSha, base: null });
}

/** For an answer that belongs to no task: written before the delivery is settled, so that it is not lost either. */
async function answerInline(
  github: GitHub,
  intent: Labelled,
  delivery: DeliveryId,
  line: string,
): Promise<void> {
  const marker = `<!-- baton:answer:${delivery} -->`;
  await github.ensureComment(
    intent.repository,
    intent.issue.number,
    marker,
    `${marker}\n@${intent.sender.login} ${line}`,
  );
}
