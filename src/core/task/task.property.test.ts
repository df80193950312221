import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { takeWalk, walk } from "../../../test/support/task/explore-tasks.ts";
import type { Step } from "../../../test/support/task/explore-tasks.ts";
import { assessTier } from "../policy/assess-tier.ts";
import { evaluateMergeGate } from "../policy/evaluate-merge-gate.ts";
import { evaluatePlanGate } from "../policy/evaluate-plan-gate.ts";
import { approvalDigest } from "./approval-digest.ts";
import { blockedReason, currentStage, deriveStatus, isOver } from "./derive-status.ts";
import { effects } from "./effects.ts";
import { evolve, replay } from "./evolve.ts";
import { progressOf } from "./stage-progress.ts";
import type { RecordedEvent } from "./events.ts";
import type { Task } from "./state.ts";
import { STAGES } from "./state.ts";

const RUNS = 1_000;

type Taken = { readonly steps: readonly Step[]; readonly history: readonly RecordedEvent[] };

/** Every property draws the same walks, and taking one costs far more than drawing it. */
const takenBefore = new Map<string, Taken>();

function take(drawn: Parameters<typeof takeWalk>[0]): Taken {
  const key = JSON.stringify(drawn);
  const before = takenBefore.get(key);
  if (before) return before;
  const steps: Step[] = [];
  const taken = { steps, history: takeWalk(drawn, (step) => steps.push(step)) };
  takenBefore.set(key, taken);
  return taken;
}

/** Runs random walks through the machine and looks at every step, or at the whole history at the end. */
function always(
  look: (step: Step) => void,
  end: (history: readonly RecordedEvent[]) => void = () => undefined,
): void {
  fc.assert(
    fc.property(walk, (drawn) => {
      const { steps, history } = take(drawn);
      for (const step of steps) look(step);
      end(history);
    }),
    { numRuns: RUNS },
  );
}

/** The states between the events of a history, each with the event that follows it. */
function* statesOf(history: readonly RecordedEvent[]): Generator<[Task | null, RecordedEvent, Task]> {
  let task: Task | null = null;
  for (const recorded of history) {
    const after: Task = evolve(task, recorded.event, recorded.meta);
    yield [task, recorded, after];
    task = after;
  }
}

describe("whatever is asked of a task, in whatever order", () => {
  test("replaying its events gives the same state", () => {
    let last: Task | null = null;
    always(
      ({ after }) => (last = after),
      (history) => expect(replay(history)).toEqual(last),
    );
  });

  test("a refusal changes nothing and says why in a sentence", () => {
    always(({ decision, events }) => {
      if (decision.ok) return;
      expect(events).toEqual([]);
      expect(decision.error.message).toMatch(/^\S.*[.?]$/s);
    });
  });

  test("no event follows the last one", () => {
    always(
      () => undefined,
      (history) => {
        const end = history.findIndex(({ event }) => ["TaskCompleted", "TaskCancelled"].includes(event.type));
        if (end >= 0) expect(end).toBe(history.length - 1);
      },
    );
  });

  test("no stage begins before all stages before it have passed", () => {
    always(
      () => undefined,
      (history) => {
        for (const [before, { event }] of statesOf(history)) {
          const begun =
            event.type === "AttemptDispatched"
              ? event.attempt.stage
              : event.type === "VerificationStarted"
                ? "verify"
                : null;
          if (!begun || !before) continue;
          const earlier = before.stages.slice(0, STAGES.indexOf(begun));
          expect(earlier.map(({ state }) => state)).toEqual(earlier.map(() => "passed"));
        }
      },
    );
  });

  test("Baton asks for a merge only with the merge gate open, and for exactly the head that was verified", () => {
    always(
      () => undefined,
      (history) => {
        for (const [before, { event }] of statesOf(history)) {
          if (event.type !== "MergeRequested" || !before) continue;
          expect(evaluateMergeGate(before).satisfied).toBe(true);
          expect(before.hold).toBeNull();
          expect(event.sha).toBe(before.headSha);
        }
      },
    );
  });

  test("a merge under way has its gate open, and for what is to be merged now", () => {
    always(({ after }) => {
      if (after?.phase.kind !== "merging") return;
      expect(evaluateMergeGate(after).satisfied).toBe(true);
      expect(after.phase.digest).toBe(approvalDigest(after, "merge"));
    });
  });

  test("the tier is what the policy of now makes of all that is planned and changed", () => {
    always(({ after }) => {
      if (!after) return;
      const paths = [...new Set([...(after.plan?.paths ?? []), ...after.changedFiles])];
      expect(after.tier).toBe(assessTier(after.policy, { labels: after.issue.labels, paths }).tier);
    });
  });

  test("nothing is reviewed or merged but the commit that was verified last", () => {
    always(
      () => undefined,
      (history) => {
        let verifying: string | null = null;
        let verified: string | null = null;
        for (const [before, { event }] of statesOf(history)) {
          if (event.type === "VerificationStarted") verifying = event.sha;
          if (event.type === "StagePassed" && event.stage === "verify") verified = verifying;
          if (event.type === "AttemptDispatched" && event.attempt.stage === "review") {
            expect(before?.headSha).toBe(verified);
          }
          if (event.type === "MergeRequested") expect(event.sha).toBe(verified);
        }
      },
    );
  });

  test("a high task dispatches nothing after its plan until somebody else has approved the plan as it is", () => {
    always(
      () => undefined,
      (history) => {
        for (const [before, { event }] of statesOf(history)) {
          if (event.type !== "AttemptDispatched" || event.attempt.stage === "plan" || !before) continue;
          expect(evaluatePlanGate(before).satisfied).toBe(true);
          if (before.tier === "high") {
            expect(before.approvals.some(({ gate, by }) => gate === "plan" && by !== before.requester)).toBe(
              true,
            );
          }
        }
      },
    );
  });

  test("at most one lease is held at a time, and every lease that ends was held", () => {
    always(
      () => undefined,
      (history) => {
        let held: string | null = null;
        for (const { event } of history) {
          if (event.type === "LeaseGranted") {
            expect(held).toBeNull();
            held = event.lease;
          }
          if (event.type === "LeaseEnded") {
            expect(event.lease).toBe(held);
            held = null;
          }
        }
      },
    );
  });

  test("a try that is stopped takes nothing from its stage's retries", () => {
    always(
      () => undefined,
      (history) => {
        for (const [before, { event }, after] of statesOf(history)) {
          if (event.type !== "AttemptStopped" || !before) continue;
          const stage = currentStage(before) ?? "plan";
          expect(progressOf(after, stage).attempts).toBe(progressOf(before, stage).attempts - 1);
        }
      },
    );
  });

  test("an attempt whose model did not answer takes nothing from its stage's retries, and leaves its work", () => {
    always(
      () => undefined,
      (history) => {
        for (const [before, { event }, after] of statesOf(history)) {
          if (event.type !== "AttemptPutOff" || !before) continue;
          const stage = currentStage(before) ?? "plan";
          expect(progressOf(after, stage).attempts).toBe(progressOf(before, stage).attempts - 1);
          expect(after.lastFailure).toEqual(before.lastFailure);
          expect(after.unfinished?.attempts.at(-1)).toBe(event.attempt);
          expect(deriveStatus(after)).toBe(after.hold ? "blocked" : "retrying");
        }
      },
    );
  });

  test("a model that does not answer is asked at most as often in a row as the policy says, then a person is", () => {
    always(
      () => undefined,
      (history) => {
        let inRow = 0;
        for (const [, { event }, after] of statesOf(history)) {
          if (event.type === "AttemptPutOff") expect(event.outage).toBe(++inRow);
          if (["AttemptReported", "AttemptFailed", "RetryRequested"].includes(event.type)) inRow = 0;
          expect(inRow).toBeLessThanOrEqual(after.policy.retry.maxOutages ?? Infinity);
        }
      },
    );
  });

  test("nothing is tried again by itself after a failure that only a person can mend", () => {
    always(({ command, events, after }) => {
      if (command.type !== "report-attempt" || command.report.outcome !== "failed" || events.length === 0)
        return;
      if (command.report.failure.errorClass !== "auth") return;
      expect(after?.phase).toMatchObject({ kind: "stuck", reason: "policy" });
    });
  });

  test("what is left to go on with is of attempts at one stage, and of no commit but the head's", () => {
    always(
      () => undefined,
      (history) => {
        for (const [before, { event }, after] of statesOf(history)) {
          if (event.type === "HeadMoved" || event.type === "WorkDelivered")
            expect(after.unfinished).toBeNull();
          expect(after.unfinished?.attempts.length ?? 1).toBeGreaterThan(0);
          if (before && before.headSha !== after.headSha) expect(after.unfinished).toBeNull();
        }
      },
    );
  });

  test("a stage is tried at most as often as the policy says before a person is asked", () => {
    always(({ after }) => {
      if (!after) return;
      for (const { stage, attempts } of after.stages.slice(0, 3)) {
        if (after.phase.kind === "backing-off" && after.phase.stage === stage) {
          expect(attempts).toBeLessThanOrEqual(after.policy.retry.maxRetries);
        }
      }
    });
  });

  test("a head that needs the verify command has its result or a run under way, unless the task is held", () => {
    always(({ after }) => {
      if (after?.phase.kind !== "verifying" || after.hold || after.policy.verify.command === null) return;
      expect(after.phase.verifyRun !== null).toBe(after.verification === null);
    });
  });

  test("a blocked task has exactly one reason, and no other has any", () => {
    always(({ after }) => {
      if (!after) return;
      expect(blockedReason(after) !== null).toBe(deriveStatus(after) === "blocked");
    });
  });

  test("a task that rests waits for something: a runner, checks, a time or a person", () => {
    always(({ after }) => {
      if (!after || isOver(after)) return;
      expect(after.phase.kind === "queued" && !after.hold).toBe(false);
    });
  });

  test("a task is the same when it was stored and read again", () => {
    always(({ after }) => {
      expect(JSON.parse(JSON.stringify(after))).toStrictEqual(after);
    });
  });

  test("a held task begins nothing", () => {
    always(({ before, events }) => {
      if (!before?.hold) return;
      const begun = events.filter(({ event }) =>
        ["AttemptDispatched", "MergeRequested"].includes(event.type),
      );
      if (!events.some(({ event }) => event.type === "TaskResumed")) expect(begun).toEqual([]);
    });
  });

  test("what a lease's holder used is counted once, whatever became of its work, and never for anybody else", () => {
    always(({ before, command, decision, after }) => {
      const used = command.type === "report-attempt" && decision.ok ? command.usage : null;
      const attempt = before?.phase.kind === "leased" ? before.phase.attempt : null;
      const added = (after?.spending ?? []).slice(before?.spending.length ?? 0);
      const expected = { attempt: attempt?.id, stage: attempt?.stage, number: attempt?.number, ...used };
      expect(added).toEqual(used === null ? [] : [expected]);
    });
  });

  test("whoever asked for the work never opens a gate", () => {
    always(({ after }) => {
      if (!after) return;
      expect(after.approvals.filter(({ by }) => by === after.requester)).toEqual([]);
    });
  });

  test("whoever pushed onto the branch never approves its merge", () => {
    always(({ after }) => {
      if (!after) return;
      const { approvals, pushers } = after;
      expect(approvals.filter(({ gate, by }) => gate === "merge" && pushers.includes(by))).toEqual([]);
    });
  });

  test("every change is shown, and every attempt that rests dispatched was handed out", () => {
    always(({ before, events, after }) => {
      if (events.length === 0) return;
      const [first] = events;
      const found = effects(
        before,
        events.map(({ event }) => event),
        first?.meta ?? { at: "", actor: "", cause: "" },
      );
      expect(found.filter(({ kind }) => kind === "mirror")).toHaveLength(1);
      const dispatched = events.some(({ event }) => event.type === "AttemptDispatched");
      if (dispatched && after?.phase.kind === "dispatched") {
        expect(found).toContainEqual({ kind: "dispatch-run", attempt: after.phase.attempt.id });
      }
    });
  });
});
