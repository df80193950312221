import type { TaskId } from "../../base/ids.ts";
import { evaluateMergeGate } from "../policy/evaluate-merge-gate.ts";
import { approvalSubject } from "../task/approval-digest.ts";
import { blockedReason, deriveStatus, isOver } from "../task/derive-status.ts";
import type { StageProgress, Task } from "../task/state.ts";
import { explanationList } from "./explanation-list.ts";
import { failureText } from "./failure-text.ts";
import { inlineCode, inlineText, shorten } from "./inline-text.ts";
import { quoteMarkdown } from "./quote-markdown.ts";
import { shortDigest } from "./short-digest.ts";
import { spendingTable, sumOf } from "./spending-text.ts";
import { standingOf } from "./standing.ts";

/** GitHub refuses a longer comment. */
export const MAX_COMMENT = 65_536;

const MAX_PLAN = 16_000;
const MAX_LOG = 8_000;

/** What tells the task's comment from all others, together with its author. */
export function statusMarker(task: TaskId): string {
  return `<!-- baton:status:${task} -->`;
}

/**
 * How the task stands, for the issue: what it waits for and what a person can do, then the stages, then what they may
 * want to read. It depends on the state alone, so that showing an unchanged state again costs no edit.
 */
export function statusComment(task: Task, { appSlug }: { readonly appSlug: string }): string {
  const sections = [
    statusMarker(task.id),
    headOf(task),
    stageTable(task),
    planOf(task),
    gateOf(task),
    failureOf(task),
    spendingOf(task),
    footOf(task, appSlug),
  ];
  return shorten(sections.filter((section) => section !== "").join("\n\n"), MAX_COMMENT);
}

function headOf(task: Task): string {
  const { headline, detail, question, next } = standingOf(task);
  const reason = blockedReason(task);
  const status = reason === null ? deriveStatus(task) : `${deriveStatus(task)}, ${reason}`;
  const line = detail === "" ? `\`${status}\`` : `\`${status}\` · ${detail}`;
  const steps = next.map((step) => `- ${step}`).join("\n");
  return [`### Baton: ${headline}`, line, question, steps].filter((part) => part !== "").join("\n\n");
}

function stageTable(task: Task): string {
  const rows = task.stages.map((progress) => {
    const attempts = progress.attempts === 0 ? "" : String(progress.attempts);
    const run = progress.run ? `[run](${progress.run.url})` : "";
    return `| ${progress.stage} | ${stateOf(task, progress)} | ${attempts} | ${run} |`;
  });
  return ["| Stage | State | Attempts | Run |", "| --- | --- | --- | --- |", ...rows].join("\n");
}

function stateOf(task: Task, { stage, state, summary }: StageProgress): string {
  const { phase } = task;
  if (phase.kind === "gated" && phase.next === stage) return "✋ waits for approval of the plan";
  if (phase.kind === "stuck" && phase.stage === stage) {
    if (phase.reason === "question") return "✋ waits for an answer";
    if (state !== "failed") return "✋ waits for a person";
  }
  switch (state) {
    case "waiting":
      return isOver(task) ? "not reached" : "waiting";
    case "running":
      return isOver(task) ? "stopped" : "⏳ running";
    case "passed":
      return summary === "" ? "✅ passed" : `✅ ${inlineText(summary, 200)}`;
    case "failed":
      return `❌ ${summary === "" ? "failed" : inlineText(summary, 200)}`;
  }
}

function gateOf(task: Task): string {
  const { kind } = task.phase;
  if (kind === "reviewable" || kind === "merging") {
    return [explanationList(evaluateMergeGate(task)), coverageOf(task, task.phase.digest, "merge")].join(
      "\n\n",
    );
  }
  return kind === "gated" ? coverageOf(task, task.phase.digest, "plan") : "";
}

/** What exactly a yes would be to. */
function coverageOf(task: Task, digest: string, gate: "plan" | "merge"): string {
  const parts = Object.keys(approvalSubject(task, gate)).filter((part) => part !== "gate");
  const text = `\`${digest}\`\n\nA change of any of these voids it: ${parts.join(", ")}.`;
  return details(`What <code>/approve ${shortDigest(digest)}</code> covers`, text);
}

function planOf(task: Task): string {
  if (!task.plan) return "";
  const paths = task.plan.paths.slice(0, 20).map((path) => inlineCode(path, 200));
  const rest = task.plan.paths.length - paths.length;
  const list = `${paths.join(", ")}${rest > 0 ? ` and ${rest} more` : ""}`;
  const changes = paths.length === 0 ? "" : `It means to change ${list}.`;
  const body = [quoteMarkdown(task.plan.text, MAX_PLAN), changes].filter((part) => part !== "").join("\n\n");
  // Whoever is asked to approve it should not have to open it first.
  return task.phase.kind === "gated" ? `**The plan**\n\n${body}` : details("Plan", body);
}

function failureOf(task: Task): string {
  if (!task.lastFailure || isOver(task)) return "";
  const isPast = ["reviewable", "merging"].includes(task.phase.kind);
  return isPast ? "" : details("Last failure", failureText(task.lastFailure, MAX_LOG));
}

function spendingOf(task: Task): string {
  const { spending = [] } = task;
  return spending.length === 0 ? "" : details(`Cost: ${sumOf(spending)}`, spendingTable(spending));
}

function footOf(task: Task, appSlug: string): string {
  const [reason = ""] = task.tierReasons;
  const parts = [
    `tier ${task.tier}${reason === "" ? "" : ` (${inlineText(reason, 200)})`}`,
    `asked for by ${inlineCode(task.requester, 60)}`,
    `branch ${inlineCode(task.branch, 200)}`,
    ...(task.pull ? [`pull request #${task.pull.number}`] : []),
    `\`/help\` or \`@${appSlug} help\` lists the commands`,
  ];
  return `<sub>${parts.join(" · ")}</sub>`;
}

/** The empty line lets Markdown begin again inside. */
function details(summary: string, body: string): string {
  return `<details><summary>${summary}</summary>\n\n${body}\n\n</details>`;
}
