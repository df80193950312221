import { assertNever } from "../../base/assert-never.ts";
import { evaluateMergeGate } from "../policy/evaluate-merge-gate.ts";
import { isOver } from "../task/derive-status.ts";
import type { StageProgress, Task } from "../task/state.ts";
import { explanationList } from "./explanation-list.ts";
import { failureText } from "./failure-text.ts";
import { inlineText, neutralized, plainLine, shorten } from "./inline-text.ts";
import { quoteMarkdown } from "./quote-markdown.ts";
import { spendingTable, sumOf } from "./spending-text.ts";
import { standingOf } from "./standing.ts";

/** A check run as it shall be shown: what the port to GitHub takes. */
export type CheckView = {
  readonly externalId: string;
  readonly name: string;
  readonly status: "queued" | "in_progress" | "completed";
  readonly conclusion: "success" | "failure" | "neutral" | "cancelled" | "skipped" | null;
  readonly title: string;
  readonly summary: string;
  readonly detailsUrl: string | null;
  readonly annotations: readonly { readonly path: string; readonly line: number; readonly message: string }[];
};

/** GitHub's limit is 65,535. */
export const MAX_SUMMARY = 65_535;

const MAX_TITLE = 120;

type Outcome = Pick<CheckView, "status" | "conclusion" | "title">;

/**
 * The task's checks on its head commit: one a stage and one for the gate, under names that branch rules can require.
 * What is waited for is queued or in progress and never failed; failed is only what a person has to mend.
 */
export function renderChecks(task: Task): readonly CheckView[] {
  return [...task.stages.map((progress) => stageCheck(task, progress)), gateCheck(task)];
}

function stageCheck(task: Task, progress: StageProgress): CheckView {
  return {
    ...base(task, `baton/${progress.stage}`),
    ...outcomeOfStage(task, progress),
    summary: shorten(summaryOfStage(task, progress), MAX_SUMMARY),
    detailsUrl: progress.run?.url ?? null,
  };
}

function base(task: Task, name: string): Pick<CheckView, "externalId" | "name" | "annotations"> {
  return { externalId: `${task.id}:${name}`, name, annotations: [] };
}

function outcomeOfStage(task: Task, progress: StageProgress): Outcome {
  const { stage, state } = progress;
  if (state === "passed") return completed("success", progress.summary === "" ? "Passed" : progress.summary);
  if (isOver(task)) return outcomeOfRest(task);
  if (task.phase.kind === "stuck" && task.phase.stage === stage) {
    return task.phase.reason === "question"
      ? waiting("queued", "Waits for an answer")
      : completed("failure", progress.summary === "" ? task.phase.detail : progress.summary);
  }
  if (task.hold) return waiting("queued", `On hold by ${task.hold.by}`);
  switch (state) {
    case "running":
      return waiting("in_progress", standingOf(task).headline);
    case "failed":
      return waiting("queued", "Failed, and will be tried again");
    case "waiting":
      return waiting("queued", waitingTitle(task, progress));
    default:
      return assertNever(state);
  }
}

function waitingTitle(task: Task, { stage }: StageProgress): string {
  const { phase } = task;
  if (phase.kind === "backing-off" && phase.stage === stage) return standingOf(task).headline;
  if (phase.kind === "gated" && phase.next === stage) return "Waits for approval of the plan";
  return "Waits for the stages before it";
}

/** What had not passed when the task ended. */
function outcomeOfRest(task: Task): Outcome {
  return task.phase.kind === "completed"
    ? completed("skipped", "Merged before this stage passed")
    : completed("cancelled", "The task was cancelled");
}

function summaryOfStage(task: Task, progress: StageProgress): string {
  const { spending = [] } = task;
  const spent = spending.filter(({ stage }) => stage === progress.stage);
  const told = tellStage(task, progress);
  return spent.length === 0 ? told : `${told}\n\nCost: ${sumOf(spent)}.\n\n${spendingTable(spent)}`;
}

function tellStage(task: Task, progress: StageProgress): string {
  const { phase } = task;
  if (phase.kind === "backing-off" && phase.stage === progress.stage && phase.outage !== undefined) {
    return standingOf(task).detail;
  }
  const hasFailed = progress.state === "failed" || isRetryOf(task, progress);
  if (hasFailed && task.lastFailure) return failureText(task.lastFailure, 20_000);
  const parts = [progress.summary === "" ? "" : inlineText(progress.summary, 2_000)];
  if (progress.stage === "plan" && task.plan) parts.push(quoteMarkdown(task.plan.text, 16_000));
  const text = parts.filter((part) => part !== "").join("\n\n");
  return text === "" ? "Nothing to tell yet." : text;
}

function isRetryOf(task: Task, { stage }: StageProgress): boolean {
  return task.phase.kind === "backing-off" && task.phase.stage === stage;
}

function gateCheck(task: Task): CheckView {
  const gate = evaluateMergeGate(task);
  return {
    ...base(task, "baton/gate"),
    ...outcomeOfGate(task, gate.satisfied),
    summary: shorten(`${explanationList(gate)}\n\n${tierText(task)}`, MAX_SUMMARY),
    detailsUrl: null,
  };
}

function outcomeOfGate(task: Task, isSatisfied: boolean): Outcome {
  const { phase } = task;
  if (phase.kind === "completed") return completed("success", "Merged");
  if (phase.kind === "cancelled") return completed("cancelled", "The task was cancelled");
  if (task.hold) return waiting("queued", `On hold by ${task.hold.by}`);
  if (phase.kind === "gated") return waiting("queued", "Waits for approval of the plan");
  if (phase.kind !== "reviewable" && phase.kind !== "merging") {
    return waiting("queued", "Waits for the stages before it");
  }
  return isSatisfied ? completed("success", "Open") : waiting("queued", "Waits for an approval");
}

function tierText(task: Task): string {
  const reasons = task.tierReasons.map((reason) => `- ${inlineText(reason, 500)}`).join("\n");
  return `The tier is **${task.tier}**:\n\n${reasons}`;
}

function completed(conclusion: NonNullable<CheckView["conclusion"]>, title: string): Outcome {
  return { status: "completed", conclusion, title: titleOf(title) };
}

function waiting(status: "queued" | "in_progress", title: string): Outcome {
  return { status, conclusion: null, title: titleOf(title) };
}

/** Titles are plain text on GitHub. */
function titleOf(text: string): string {
  const line = neutralized(plainLine(text, MAX_TITLE));
  return line.charAt(0).toUpperCase() + line.slice(1);
}
