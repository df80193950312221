import { describe, expect, test } from "vitest";
import { exampleAttempt, exampleStages, exampleTask } from "../../../../test/support/task/example-task.ts";
import type { LeaseId } from "../../../base/ids.ts";
import { decide } from "../decide.ts";
import { ERROR_CLASSES, type ErrorClass } from "../error-class.ts";
import type { TaskEvent } from "../events.ts";
import { evolve } from "../evolve.ts";
import type { Task } from "../state.ts";

const NOW = "2026-11-20T14:00:00.000Z";
const LEASE = "L-1" as LeaseId;

function atWork(over: Partial<Task> = {}): Task {
  const lease = { id: LEASE, runId: 11, grantedAt: NOW };
  return exampleTask({
    phase: { kind: "leased", attempt: exampleAttempt("implement"), lease },
    begun: true,
    ...over,
  });
}

/** What the task does when its attempt reports this failure. */
function report(task: Task, errorClass: ErrorClass | null, draw = 0): readonly TaskEvent[] {
  const failure = {
    kind: "agent",
    errorClass,
    summary: "The provider answered 529.",
    failingTests: [],
    logTail: "",
    diff: "",
  } as const;
  const decision = decide(
    task,
    { type: "report-attempt", lease: LEASE, usage: null, report: { outcome: "failed", failure } },
    { now: NOW, actor: "baton", draw },
  );
  if (!decision.ok) throw new Error(decision.error.message);
  return decision.value;
}

function pauseSeconds(task: Task, draw: number): number {
  const put = report(task, "overloaded", draw).find((event) => event.type === "AttemptPutOff");
  return (Date.parse(put?.until ?? "") - Date.parse(NOW)) / 1_000;
}

describe("an attempt that ends in a failure of this class", () => {
  test.each(ERROR_CLASSES.map((errorClass) => [errorClass]))("%s", (errorClass) => {
    const last = report(atWork(), errorClass).at(-1);
    expect(last?.type).toBe(
      {
        auth: "TaskStuck",
        billing: "TaskStuck",
        model_not_found: "TaskStuck",
        sandbox: "TaskStuck",
        config: "TaskStuck",
        budget: "TaskStuck",
        turns: "TaskStuck",
        rate_limit: "AttemptPutOff",
        overloaded: "AttemptPutOff",
        server: "AttemptPutOff",
        network: "AttemptPutOff",
        context: "RetryScheduled",
        unknown: "RetryScheduled",
      }[errorClass],
    );
  });

  test("or of none, from a runner that does not say", () => {
    expect(report(atWork(), null).at(-1)?.type).toBe("RetryScheduled");
  });
});

test("the pauses grow from a minute to half an hour, each drawn from its second half", () => {
  const pauses = [0, 1, 2, 5, 9].map((outages) => pauseSeconds(atWork({ outages }), 1));
  expect(pauses).toEqual([60, 120, 240, 1_800, 1_800]);
  expect(pauseSeconds(atWork(), 0)).toBe(30);
});

test("a task that was stored before outages were counted is put off like any other", () => {
  const { outages: _outages, unfinished: _unfinished, ...stored } = atWork();
  const { maxOutages: _maxOutages, ...retry } = stored.policy.retry;
  const task = { ...stored, policy: { ...stored.policy, retry } };
  const events = report(task, "server");
  expect(events.at(-1)).toMatchObject({ type: "AttemptPutOff", outage: 1 });
  const after = events.reduce((state: Task, event) => {
    return evolve(state, event, { at: NOW, actor: "baton", cause: "" });
  }, task);
  expect(after).toMatchObject({ outages: 1, unfinished: { stage: "implement" } });
});

test("after as many in a row as the policy lets it, a person is asked", () => {
  expect(report(atWork({ outages: 10 }), "overloaded").slice(1)).toMatchObject([
    { type: "AttemptFailed" },
    {
      type: "TaskStuck",
      reason: "exhausted",
      detail:
        "The model's provider did not answer 11 times in a row, the last time because: The provider answered 529.",
    },
  ]);
});

test("what only a person can mend is told with its remedy, and leaves the work", () => {
  const events = report(atWork(), "auth");
  expect(events.slice(1)).toMatchObject([
    { type: "AttemptFailed" },
    {
      type: "TaskStuck",
      reason: "policy",
      detail:
        "The provider answered 529. The model's provider does not take the key: put a valid one into the secret that the workflow hands on.",
    },
  ]);
});

test.each([
  ["budget", "budget"],
  ["turns", "exhausted"],
] as const)(
  "a limit on %s that was used up asks a person, and a retry goes on with the work",
  (used, reason) => {
    const task = atWork({ stages: exampleStages({ implement: { state: "running", attempts: 1 } }) });
    const events = report(task, used);
    expect(events.at(-1)).toMatchObject({ type: "TaskStuck", reason, detail: "The provider answered 529." });
    const stuck = events.reduce((state: Task, event) => {
      return evolve(state, event, { at: NOW, actor: "baton", cause: "" });
    }, task);
    expect(stuck.unfinished).toEqual({ stage: "implement", attempts: [exampleAttempt("implement").id] });
    const retry = { type: "retry", stage: null, guidance: null } as const;
    const again = decide(stuck, retry, { now: NOW, actor: "robin", draw: 0 });
    expect(again.ok && again.value.at(-1)).toMatchObject({
      type: "AttemptDispatched",
      attempt: { stage: "implement", number: 1 },
    });
  },
);
