import { assertNever } from "../../base/assert-never.ts";
import type { DeliveryId } from "../../base/ids.ts";
import { parseCommands } from "../../core/command/parse-commands.ts";
import type { ParsedCommand } from "../../core/command/parsed-command.ts";
import { renderHelp } from "../../core/command/render-help.ts";
import { authorize } from "../../core/policy/authorize.ts";
import type { TaskCommand } from "../../core/task/commands.ts";
import type { Decision } from "../../core/task/decide.ts";
import type { Effect } from "../../core/task/effect.ts";
import type { Task } from "../../core/task/state.ts";
import { answerLine } from "../../core/view/answer-line.ts";
import { statusWords } from "../../core/view/task-label.ts";
import type { GitHub } from "../../ports/github.ts";
import type { LoadedTask } from "../../ports/task-store.ts";
import { answerOnComment } from "../answer-on-comment.ts";
import { changeTask } from "../change-task.ts";
import type { AppContext } from "../context.ts";
import type { Intent } from "../intent.ts";
import { mirrorTask } from "../mirror-task.ts";
import { refreshSubject } from "../refresh-subject.ts";

type Comment = Extract<Intent, { kind: "comment-created" }>;
type Answer = Omit<Extract<Effect, { kind: "answer" }>, "kind">;

/** What one command came to: something the task has to decide, or an answer that needs no task. */
type Outcome =
  | { readonly kind: "decide"; readonly name: ParsedCommand["name"]; readonly command: TaskCommand }
  | { readonly kind: "say"; readonly line: string; readonly refused: boolean };

/**
 * Carries out the commands of a comment, all of them in one commit, and answers each where it was asked: a reaction
 * for what was done, one line for what was not. A comment without commands gets no answer at all.
 */
export async function answerComment(
  context: AppContext,
  intent: Comment,
  delivery: DeliveryId,
): Promise<string> {
  const { commands, problems } = parseCommands(intent.body, { appSlug: context.identity.slug });
  if (commands.length === 0 && problems.length === 0) return "The comment holds no command.";
  const loaded = await findTaskOf(context, intent);
  // Others own `/approve` and `/hold` too: where Baton does not work, it does not answer.
  if (!loaded) return "No task works on this issue.";
  const { task } = loaded;
  const github = await context.github(intent.tenant);
  // An answer to a bot makes the next comment of a bot.
  const listens = authorize(task.policy, "help", { ...asker(intent), role: "none" });
  if (!listens.ok && listens.error.code === "bot-unlisted") return listens.error.message;
  const judged = await judge({ context, intent, github, task }, commands);
  const said: Outcome[] = problems.map((problem) => ({
    kind: "say",
    line: answerLine(problem),
    refused: true,
  }));
  return carryOut({ context, intent, delivery, github, loaded, outcomes: [...judged, ...said] });
}

function findTaskOf(context: AppContext, { isPull, repository, issue }: Comment): Promise<LoadedTask | null> {
  const { tasks } = context.store;
  return isPull
    ? tasks.findByPull(repository.id, issue.number)
    : tasks.findByIssue(repository.id, issue.number);
}

type Asked = {
  readonly context: AppContext;
  readonly intent: Comment;
  readonly github: GitHub;
  readonly task: Task;
};

async function judge(asked: Asked, commands: readonly ParsedCommand[]): Promise<Outcome[]> {
  const { intent, github, task, context } = asked;
  const role = await github.roleOf(intent.repository, intent.sender.login);
  return commands.map((command) => {
    const allowed = authorize(task.policy, command.name, { ...asker(intent), role });
    return allowed.ok
      ? outcomeOf(command, asked, context.identity.slug)
      : { kind: "say", line: answerLine(allowed.error), refused: true };
  });
}

function asker({ sender }: Comment): { readonly login: string; readonly isBot: boolean } {
  return { login: sender.login, isBot: sender.type === "bot" };
}

function outcomeOf(command: ParsedCommand, { intent, task }: Asked, appSlug: string): Outcome {
  const decide = (asked: TaskCommand): Outcome => ({ kind: "decide", name: command.name, command: asked });
  switch (command.name) {
    case "approve":
      return decide({
        type: "approve",
        digest: command.digest,
        givenAt: intent.createdAt,
        source: "comment",
        sha: null,
      });
    case "retry":
      return decide({ type: "retry", stage: command.stage, guidance: command.guidance });
    case "cancel":
      return decide({ type: "cancel", why: command.why ?? "asked for by comment" });
    case "hold":
      return decide({ type: "hold" });
    case "resume":
      return decide({ type: "resume" });
    case "status":
      return { kind: "say", line: `This task is **${statusWords(task)}**.`, refused: false };
    case "help":
      return { kind: "say", line: renderHelp(task.policy, appSlug), refused: false };
    default:
      return assertNever(command);
  }
}

async function carryOut(
  asked: Omit<Asked, "task"> & {
    readonly loaded: LoadedTask;
    readonly delivery: DeliveryId;
    readonly outcomes: readonly Outcome[];
  },
): Promise<string> {
  const { context, intent, delivery, github, loaded, outcomes } = asked;
  const { task } = loaded;
  const commands = outcomes.flatMap((outcome) => (outcome.kind === "decide" ? [outcome.command] : []));
  const approves = commands.some(({ type }) => type === "approve");
  if (approves) await refreshSubject(context, task, `delivery:${delivery}`);
  const { decisions, stored } = await changeTask(context, {
    task: task.id,
    // Before an approval the subject is looked at again, and may have changed the task.
    ...(approves ? {} : { seen: loaded }),
    actor: intent.sender.login,
    cause: `delivery:${delivery}`,
    repository: intent.repository,
    commands,
    settled: { kind: "delivery", id: delivery, outcome: "Carried out the comment's commands." },
    answers: (decided) => [{ kind: "answer", ...answerTo(intent, outcomes, decided) }],
  });
  if (stored) return "Carried out the comment's commands.";
  // Nothing was stored, so the answer is given before the delivery is settled: it is not lost either way.
  await answerOnComment(github, task, answerTo(intent, outcomes, decisions));
  if (outcomes.some((outcome) => outcome.kind === "say" && !outcome.refused)) {
    await mirrorTask(context, task.id, { always: true });
  }
  return "Answered the comment.";
}

/** One answer for the whole comment: refused if anything was, else a counted approval, else carried out. */
function answerTo(intent: Comment, outcomes: readonly Outcome[], decisions: readonly Decision[]): Answer {
  const lines: string[] = [];
  let refused = false;
  let approved = false;
  let decided = 0;
  for (const outcome of outcomes) {
    if (outcome.kind === "say") {
      lines.push(outcome.line);
      refused ||= outcome.refused;
      continue;
    }
    const decision = decisions[decided++];
    if (decision?.ok === false) {
      refused = true;
      lines.push(answerLine(decision.error));
    } else {
      approved ||= outcome.name === "approve";
    }
  }
  return {
    commentId: intent.commentId,
    issueNumber: intent.issue.number,
    reaction: refused ? "confused" : approved ? "+1" : "rocket",
    line: lines.length === 0 ? null : lines.join("\n\n"),
  };
}
