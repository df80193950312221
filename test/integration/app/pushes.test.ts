import { describe, expect, test } from "vitest";
import { acceptDelivery } from "../../../src/app/attempt/deliver-work.ts";
import { tokenHash } from "../../../src/app/attempt/token-hash.ts";
import type { LeaseId } from "../../../src/base/ids.ts";
import { attemptId, taskId } from "../../../src/base/ids.ts";
import type { PullRequestFacts } from "../../../src/ports/github.ts";
import type { Task } from "../../../src/core/task/state.ts";
import { openApp, place } from "../../support/app/open-app.ts";
import { FIRST_HEAD, SECOND_HEAD, takeTo } from "../../support/app/way-of-a-task.ts";

const THIRD_HEAD = "d".repeat(40);
const FOURTH_HEAD = "e".repeat(40);

function push(task: Task, moved: { readonly before: string; readonly sha: string }) {
  const pushed = { kind: "branch-pushed", branch: task.branch, forced: false, attempt: null } as const;
  return { ...place(), ...pushed, ...moved };
}

test("what a person's push changes counts for the tier, like an agent's work", async () => {
  const app = await openApp({ changedFiles: async () => ["src/auth/door.js", "src/sum.js"] });
  const task = await takeTo(app, "reviewable");
  expect(task.tier).toBe("medium");
  await app.handle(push(task, { before: SECOND_HEAD, sha: THIRD_HEAD }));
  const after = await app.load(task.id);
  expect(after).toMatchObject({
    headSha: THIRD_HEAD,
    tier: "high",
    phase: { kind: "gated", next: "verify" },
  });
  expect(after.changedFiles).toContain("src/auth/door.js");
});

test("a branch that was rewritten is verified anew, and no yes to what was there before counts", async () => {
  const app = await openApp({ changedFiles: async () => ["src/sum.js"] });
  const task = await takeTo(app, "reviewable");
  const yes = { type: "approve", digest: null, givenAt: "2026-11-20T12:00:00Z", source: "comment" } as const;
  // Held, so that the merge does not follow at once.
  await app.tell(task.id, { type: "hold" }, "sam");
  expect((await app.tell(task.id, { ...yes, sha: null }, "robin")).approvals).toHaveLength(1);
  await app.handle({ ...push(task, { before: SECOND_HEAD, sha: THIRD_HEAD }), forced: true });
  expect(await app.load(task.id)).toMatchObject({
    headSha: THIRD_HEAD,
    approvals: [],
    phase: { kind: "verifying", sha: THIRD_HEAD },
  });
});

test("a push that is told late or again changes nothing: GitHub says where the branch is", async () => {
  const app = await openApp({ headOf: async () => SECOND_HEAD });
  const task = await takeTo(app, "reviewable");
  await app.handle(push(task, { before: "0".repeat(40), sha: "b".repeat(40) }));
  expect(await app.load(task.id)).toEqual(task);
});

test("a push is its sender's alone: what came after it is told by an event of its own", async () => {
  const app = await openApp({ changedFiles: async () => ["src/sum.js"], headOf: async () => FOURTH_HEAD });
  const task = await takeTo(app, "reviewable");
  const late = { ...push(task, { before: FIRST_HEAD, sha: THIRD_HEAD }), ...place("ada") };
  await app.handle(late);
  await app.handle({ ...place("ada"), kind: "branch-deleted", branch: task.branch, before: FIRST_HEAD });
  expect(await app.load(task.id)).toEqual(task);
  await app.handle({ ...push(task, { before: THIRD_HEAD, sha: FOURTH_HEAD }), ...place("sam") });
  const moved = await app.load(task.id);
  expect(moved).toMatchObject({ headSha: FOURTH_HEAD, pushers: ["sam"] });
  await app.handle(late);
  expect(await app.load(task.id)).toEqual(moved);
});

test("pushes that are told in their order are all on record, though the branch has moved on", async () => {
  const app = await openApp({ changedFiles: async () => ["src/sum.js"] });
  const task = await takeTo(app, "reviewable");
  await app.handle({ ...push(task, { before: SECOND_HEAD, sha: THIRD_HEAD }), ...place("ada") });
  await app.handle({ ...push(task, { before: THIRD_HEAD, sha: FOURTH_HEAD }), ...place("sam") });
  expect(await app.load(task.id)).toMatchObject({ headSha: FOURTH_HEAD, pushers: ["ada", "sam"] });
});

describe("what a deliver job pushed, whose result was lost,", () => {
  /** The App's push of the developer's work. */
  function delivery(task: Task) {
    const attempt = attemptId(task.id, 3);
    return { ...push(task, { before: FIRST_HEAD, sha: SECOND_HEAD }), ...place("baton[bot]"), attempt };
  }

  test("is the attempt's work: its run may end as it likes", async () => {
    const app = await openApp({ changedFiles: async () => ["src/sum.js"] });
    const task = await takeTo(app, "delivering");
    await app.handle(delivery(task));
    const delivered = { headSha: SECOND_HEAD, phase: { kind: "verifying", sha: SECOND_HEAD } };
    expect(await app.load(task.id)).toMatchObject(delivered);
    await app.handle({
      ...place(),
      kind: "workflow-run-completed",
      runId: 3,
      attempt: attemptId(task.id, 3),
      conclusion: "failure",
    });
    expect(await app.load(task.id)).toMatchObject(delivered);
  });

  test("is where the work goes on from, if it is told only after the run's end", async () => {
    const app = await openApp({ changedFiles: async () => ["src/sum.js"] });
    const task = await takeTo(app, "delivering");
    await app.tell(task.id, { type: "end-run", runId: 3, conclusion: "failure" });
    await app.handle(delivery(task));
    expect(await app.load(task.id)).toMatchObject({
      headSha: SECOND_HEAD,
      pushers: [],
      phase: { kind: "verifying", sha: SECOND_HEAD },
    });
  });

  test("is nobody else's push, though it names the attempt, and no other attempt's", async () => {
    const app = await openApp({ changedFiles: async () => ["src/sum.js"] });
    for (const change of [place("sam"), { attempt: attemptId(taskId(1, 1, 1), 2) }]) {
      const task = await takeTo(app, "delivering");
      await app.handle({ ...delivery(task), ...change });
      expect((await app.load(task.id)).phase).toMatchObject({
        kind: "dispatched",
        attempt: { stage: "implement" },
      });
    }
  });

  test("is answered with yes to the job whose result comes in the same moment", async () => {
    const app = await openApp({
      changedFiles: async () => ["src/sum.js"],
      headOf: async () => {
        await app.handle(delivery(task));
        return SECOND_HEAD;
      },
    });
    const task = await takeTo(app, "delivering");
    const attempt = attemptId(task.id, 3);
    await app.context.store.attempts.saveLease({
      id: "D-1" as LeaseId,
      attempt,
      tenant: task.tenant,
      tokenHash: tokenHash("token"),
      seenAt: "2026-11-20T12:00:00.000Z",
    });
    const result = { outcome: "pushed", headSha: SECOND_HEAD } as const;
    expect(await acceptDelivery(app.context, { attempt, token: "token", result })).toMatchObject({
      ok: true,
    });
    expect((await app.load(task.id)).phase).toMatchObject({ kind: "verifying", sha: SECOND_HEAD });
  });

  test("changes nothing once the job's own result came first", async () => {
    const app = await openApp();
    const task = await takeTo(app, "verify");
    await app.handle(delivery(task));
    expect(await app.load(task.id)).toEqual(task);
  });
});

test("a branch that goes with its merge completes the task instead of asking what to do", async () => {
  const merged = { state: "merged", mergeSha: "9".repeat(40) } as PullRequestFacts;
  const app = await openApp({ pullRequest: async () => merged });
  const task = await takeTo(app, "reviewable");
  await app.tell(task.id, { type: "record-pull", number: 8, url: "http://pull" });
  await app.handle({ ...place(), kind: "branch-deleted", branch: task.branch, before: SECOND_HEAD });
  expect((await app.load(task.id)).phase).toEqual({
    kind: "completed",
    mergeSha: "9".repeat(40),
    by: "sam",
  });
});
