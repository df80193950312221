import fc from "fast-check";
import { attemptId, type LeaseId } from "../../../src/base/ids.ts";
import { currentStage, deriveStatus } from "../../../src/core/task/derive-status.ts";
import type { Answer, StatusOrNone } from "../../../src/core/task/transition-table.ts";
import type { AttemptReport, TaskCommand, TaskCommandType } from "../../../src/core/task/commands.ts";
import type { Task } from "../../../src/core/task/state.ts";
import { FAILURE, REQUESTER, startCommand, TASK } from "./candidate-commands.ts";
import { step, takeWalk, walk } from "./explore-tasks.ts";
import type { Step } from "./explore-tasks.ts";

export type Answers = Map<StatusOrNone, Map<TaskCommandType, Set<Answer>>>;

/** What the code really answers to every command in every status, over many walks of the same seed. */
export function observeAnswers(walks: number): Answers {
  const seen: Answers = new Map();
  const visited = new Set<string>();
  takeRareWays(seen);
  for (const taken of fc.sample(walk, { numRuns: walks, seed: 42 })) {
    takeWalk(
      taken,
      (stepped) => note(seen, stepped),
      (task, candidates, now) => {
        const state = `${taken.policy} ${likeness(task, now)}`;
        if (visited.has(state)) return;
        visited.add(state);
        for (const command of candidates) {
          for (const actor of ["robin", "maya", "sam"])
            note(seen, step(task, command, { now, draw: 0.5, actor }));
        }
      },
    );
  }
  return seen;
}

/**
 * Ways that walks hardly ever take: somebody pushes before any runner has taken the first attempt, or takes out what
 * the gate was for while it is waited at again.
 */
function takeRareWays(seen: Answers): void {
  const sha = "7".repeat(40);
  const now = "2026-01-01T00:00:00.000Z";
  const attempt = attemptId(TASK, 2);
  const opened: Way = [
    [REQUESTER, startCommand()],
    ["sam", { type: "observe-head", sha, by: "sam", changedFiles: [] }],
  ];
  takeWay(seen, [
    ...opened,
    ["robin", { type: "approve", digest: null, givenAt: now, source: "review", sha }],
    ["robin", { type: "dismiss-approval", reviewer: "robin" }],
  ]);
  takeWay(seen, [
    ...opened,
    ["baton", { type: "record-run", attempt, run: { id: 11, url: "http://run" } }],
    ["baton", { type: "end-run", runId: 11, conclusion: "failure" }],
    ["sam", { type: "observe-head", sha: "9".repeat(40), by: "sam", changedFiles: [] }],
  ]);
  const done = { outcome: "done", summary: "Done.", bundle: null, plan: null, verdict: null } as const;
  const plan = { text: "Plan.", paths: ["src/sum.js"] };
  const delivered = { headSha: "8".repeat(40), changedFiles: ["src/auth/a.js"] };
  takeWay(seen, [
    [REQUESTER, startCommand()],
    ...reportOf(1, { ...done, plan }),
    ...reportOf(2, { ...done, bundle: "e".repeat(64) }),
    ["baton", { type: "deliver-work", attempt, ...delivered }],
    ["robin", { type: "approve", digest: null, givenAt: now, source: "comment", sha: null }],
    ...reportOf(3, { outcome: "failed", failure: FAILURE }),
    ["sam", { type: "change-issue", issue: { ...startCommand().issue, title: "Another" } }],
    ["sam", { type: "observe-head", sha, by: "sam", changedFiles: ["docs/a.md"] }],
  ]);
}

/** An attempt from the start of its run to its report. */
function reportOf(ordinal: number, report: AttemptReport): Way {
  const attempt = attemptId(TASK, ordinal);
  const lease = `L-${ordinal}` as LeaseId;
  return [
    ["baton", { type: "record-run", attempt, run: { id: 11, url: "http://run" } }],
    ["baton", { type: "claim-lease", attempt, lease, runId: 11 }],
    ["baton", { type: "report-attempt", lease, usage: null, report }],
  ];
}

type Way = readonly (readonly [string, TaskCommand])[];

function takeWay(seen: Answers, way: Way): void {
  const facts = { now: "2026-01-01T00:00:00.000Z", draw: 0.5 };
  let task: Task | null = null;
  for (const [actor, command] of way) {
    const stepped: Step = step(task, command, { ...facts, actor });
    note(seen, stepped);
    task = stepped.after;
  }
}

/** Two states with the same likeness answer alike, so that asking everything of one of them is enough. */
function likeness(task: Task | null, now: string): string {
  if (!task) return "none";
  const { phase, stages, approvals, hold, tier, retrying, begun, mergeRefusal, verification, headSha } = task;
  const since = "since" in phase ? phase.since : "until" in phase ? phase.until : now;
  return JSON.stringify([
    phase.kind,
    "attempt" in phase ? [phase.attempt.stage, phase.attempt.run !== null] : currentStage(task),
    "open" in phase && phase.open,
    "verifyRun" in phase && [
      phase.verifyRun?.run !== undefined && phase.verifyRun.run !== null,
      phase.lostVerifyRuns,
    ],
    Math.min(2, Math.floor((Date.parse(now) - Date.parse(since)) / 60_000)),
    stages.map(({ state, attempts }) => [state, Math.min(attempts, 4)]),
    approvals.map(({ gate, by, source }) => [gate, by, source]),
    task.queuedSha !== null,
    [hold !== null, tier, retrying, begun, mergeRefusal, verification?.passed, headSha !== null],
  ]);
}

function note(seen: Answers, step: Step): void {
  const status = step.before ? deriveStatus(step.before) : "none";
  const row = seen.get(status) ?? new Map<TaskCommandType, Set<Answer>>();
  const cell = row.get(step.command.type) ?? new Set<Answer>();
  cell.add(answerOf(step));
  row.set(step.command.type, cell);
  seen.set(status, row);
}

function answerOf({ decision, after }: Step): Answer {
  if (!decision.ok) return `refused: ${decision.error.code}`;
  if (decision.value.length === 0 || !after) return "nothing";
  return deriveStatus(after);
}
