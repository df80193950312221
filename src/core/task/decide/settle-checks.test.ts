import { describe, expect, test } from "vitest";
import { exampleTask, HEAD } from "../../../../test/support/task/example-task.ts";
import { samplePolicy } from "../../../../test/support/task/sample-policy.ts";
import { step } from "../../../../test/support/task/explore-tasks.ts";
import type { ChecksVerdict, TaskCommand } from "../commands.ts";
import { effects } from "../effects.ts";
import type { Task } from "../state.ts";

const SECONDS = (count: number) => new Date(Date.UTC(2026, 10, 20, 14, 0, count)).toISOString();

const PENDING: ChecksVerdict = { state: "pending", waitingFor: ["ci"] };

function green(...names: string[]): ChecksVerdict {
  return { state: "green", names };
}

function checksOf(verdict: ChecksVerdict): TaskCommand {
  return { type: "observe-checks", sha: HEAD, policy: samplePolicy().digest, verdict };
}

function verifying(verify: Partial<Task["policy"]["verify"]> = {}): Task {
  const policy = samplePolicy();
  return exampleTask({
    policy: { ...policy, verify: { ...policy.verify, settleMs: 30_000, ...verify } },
    headSha: HEAD,
    phase: {
      kind: "verifying",
      sha: HEAD,
      since: SECONDS(0),
      settling: null,
      verifyRun: null,
      lostVerifyRuns: 0,
    },
  });
}

/** What the checks say at these seconds, one after the other; the events of the last. */
function see(task: Task, ...seen: readonly (readonly [number, ChecksVerdict])[]): readonly string[] {
  let now = task;
  let events: readonly string[] = [];
  for (const [seconds, verdict] of seen) {
    const facts = { now: SECONDS(seconds), draw: 0.5, actor: "baton" };
    const stepped = step(now, checksOf(verdict), facts);
    now = stepped.after ?? now;
    events = stepped.events.map(({ event }) => event.type);
  }
  return events;
}

describe("checks that nobody named", () => {
  test("count once all are green and nothing has changed for the time to settle", () => {
    expect(see(verifying(), [1, green("lint")])).toEqual(["ChecksSeen"]);
    expect(see(verifying(), [1, green("lint")], [30, green("lint")])).toEqual([]);
    expect(see(verifying(), [1, green("lint")], [31, green("lint")])).toContain("StagePassed");
  });

  test("do not count while one more has come since", () => {
    expect(see(verifying(), [1, green("lint")], [31, green("lint", "ci")])).toEqual(["ChecksSeen"]);
    expect(see(verifying(), [1, green("lint")], [2, PENDING], [40, green("lint")])).toEqual(["ChecksSeen"]);
    expect(see(verifying(), [1, green("a", "b")], [31, green("b", "a")])).toContain("StagePassed");
  });

  test("are looked at again when their time to settle is over", () => {
    const task = verifying();
    const facts = { now: SECONDS(1), draw: 0.5, actor: "baton" };
    const { events } = step(task, checksOf(green("lint")), facts);
    const meta = { at: facts.now, actor: "baton", cause: "test" };
    expect(
      effects(
        task,
        events.map(({ event }) => event),
        meta,
      ),
    ).toContainEqual({ kind: "read-checks", sha: HEAD, notBefore: SECONDS(31) });
  });
});

test("checks that the policy names are all there are, and need no time to settle", () => {
  expect(see(verifying({ required: ["ci"] }), [1, green("ci")])).toContain("StagePassed");
});
