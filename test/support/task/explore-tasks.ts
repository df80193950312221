import fc from "fast-check";
import type { Policy } from "../../../src/core/policy/policy.ts";
import type { TaskCommand } from "../../../src/core/task/commands.ts";
import type { Decision } from "../../../src/core/task/decide.ts";
import { decide } from "../../../src/core/task/decide.ts";
import type { RecordedEvent } from "../../../src/core/task/events.ts";
import { evolve } from "../../../src/core/task/evolve.ts";
import type { Stage, Task, VerifyRun } from "../../../src/core/task/state.ts";
import { ACTORS, candidateCommands, REQUESTER } from "./candidate-commands.ts";
import { samplePolicy } from "./sample-policy.ts";

export type Step = {
  readonly before: Task | null;
  readonly command: TaskCommand;
  readonly actor: string;
  readonly decision: Decision;
  readonly events: readonly RecordedEvent[];
  readonly after: Task | null;
};

const POLICIES: readonly Policy[] = [
  samplePolicy(),
  samplePolicy({ merge: { automatic: false, method: "merge" } }),
  samplePolicy({ retry: { maxRetries: 1, maxOutages: 2, backoffMs: 1_000, backoffCapMs: 2_000 } }),
  samplePolicy({ retry: { maxRetries: 0, maxOutages: 0, backoffMs: 1_000, backoffCapMs: 2_000 } }),
  samplePolicy({ tiers: { default: "high", rules: [] } }),
  samplePolicy({ tiers: { default: "low", rules: [] }, merge: { automatic: false, method: "merge" } }),
  samplePolicy({ verify: { ...samplePolicy().verify, settleMs: 30_000 } }),
  samplePolicy({ verify: { ...samplePolicy().verify, command: "npm test" } }),
];

/** One draw per step: which of the candidate commands, by whom, how much later, with what jitter. */
export const walk = fc.record({
  policy: fc.nat(POLICIES.length - 1),
  draws: fc.array(
    fc.record({
      // Most steps go the way that work should go, or no walk would come far.
      forward: fc.integer({ min: 0, max: 5 }).map((drawn) => drawn > 0),
      pick: fc.nat(1_000),
      actor: fc.constantFrom(...ACTORS),
      passedMs: fc.constantFrom(0, 1_000, 70_000, 700_000, 4_000_000),
      jitter: fc.double({ min: 0, max: 1, maxExcluded: true, noNaN: true }),
    }),
    { minLength: 20, maxLength: 70 },
  ),
});

type Walk = typeof walk extends fc.Arbitrary<infer W> ? W : never;

/** Takes a task for a walk; `look` sees every step, `arrive` every state with all that could be asked of it there. */
export function takeWalk(
  taken: Walk,
  look: (step: Step) => void,
  arrive: (task: Task | null, candidates: readonly TaskCommand[], now: string) => void = () => undefined,
): RecordedEvent[] {
  const policy = POLICIES[taken.policy] ?? samplePolicy();
  const history: RecordedEvent[] = [];
  let task: Task | null = null;
  let nowMs = Date.parse("2026-01-01T00:00:00.000Z");
  for (const draw of taken.draws) {
    nowMs += draw.passedMs;
    const now = new Date(nowMs).toISOString();
    const candidates = candidateCommands(task, policy, now);
    const facts = { now, draw: draw.jitter };
    arrive(task, candidates, now);
    const pool = draw.forward ? forwardCommands(task, candidates) : candidates;
    const command = pool[draw.pick % pool.length] ?? candidates[draw.pick % candidates.length];
    if (!command) continue;
    const smooth = command.type === "start" ? REQUESTER : "robin";
    const stepped = step(task, command, { ...facts, actor: draw.forward ? smooth : draw.actor });
    look(stepped);
    history.push(...stepped.events);
    task = stepped.after;
  }
  return history;
}

/** The candidates that a smooth run would bring next. */
function forwardCommands(task: Task | null, candidates: readonly TaskCommand[]): TaskCommand[] {
  return candidates.filter((command) => (task ? isForward(task, command) : command.type === "start"));
}

function isForward(task: Task, command: TaskCommand): boolean {
  const { phase, hold } = task;
  if (hold) return command.type === "resume";
  switch (phase.kind) {
    case "dispatched":
      return phase.attempt.run
        ? command.type === "claim-lease" && command.runId === phase.attempt.run.id
        : command.type === "record-run" && command.attempt === phase.attempt.id;
    case "leased":
      return command.type === "report-attempt" && fits(phase.attempt.stage, command);
    case "delivering":
      return command.type === "deliver-work" && command.attempt === phase.attempt.id;
    case "verifying":
      if (command.type === "approve") return command.source === "review";
      if (phase.verifyRun) return isForwardOf(phase.verifyRun, command);
      if (command.type !== "observe-checks" || command.policy !== task.policy.digest) return false;
      return ["green", "red"].includes(command.verdict.state);
    case "gated":
    case "reviewable":
      return command.type === "approve";
    case "backing-off":
      return command.type === "wake";
    case "stuck":
      return command.type === "retry";
    case "merging":
      return command.type === "refuse-merge" || command.type === "record-merge";
    default:
      return true;
  }
}

function isForwardOf({ attempt, run }: VerifyRun, command: TaskCommand): boolean {
  if (!run) return command.type === "record-run" && command.attempt === attempt;
  return command.type === "record-verification" || (command.type === "end-run" && command.runId === run.id);
}

function fits(stage: Stage, { report }: Extract<TaskCommand, { type: "report-attempt" }>): boolean {
  if (report.outcome !== "done") return false;
  if (stage === "plan") return report.plan !== null;
  if (stage === "review") return report.verdict !== null;
  return report.bundle !== null;
}

/** What one command does, and the task after it. */
export function step(
  before: Task | null,
  command: TaskCommand,
  facts: { now: string; draw: number; actor: string },
): Step {
  const decision = decide(before, command, facts);
  const meta = { at: facts.now, actor: facts.actor, cause: "delivery:test" };
  const events = decision.ok ? decision.value.map((event) => ({ meta, event })) : [];
  const after = events.reduce<Task | null>(
    (task, recorded) => evolve(task, recorded.event, recorded.meta),
    before,
  );
  return { before, command, actor: facts.actor, decision, events, after };
}
