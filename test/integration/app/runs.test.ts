import { expect, test } from "vitest";
import { abandonEffect } from "../../../src/app/abandon-effect.ts";
import { recordHeartbeat } from "../../../src/app/attempt/hold-lease.ts";
import { leaseAttempt } from "../../../src/app/attempt/lease-attempt.ts";
import { tokenHash } from "../../../src/app/attempt/token-hash.ts";
import { beginVerification } from "../../../src/app/attempt/verify-work.ts";
import { VERIFY_ENVIRONMENT } from "../../../src/contract/attempt-api.ts";
import { runEffect } from "../../../src/app/run-effect.ts";
import type { AttemptId, LeaseId, TenantId } from "../../../src/base/ids.ts";
import { attemptId } from "../../../src/base/ids.ts";
import { eventsOf } from "../../../src/core/task/events.ts";
import { GitHubUnavailable } from "../../../src/ports/github-unavailable.ts";
import { REPOSITORY } from "../../support/task/candidate-commands.ts";
import { openApp, place } from "../../support/app/open-app.ts";
import { takeTo } from "../../support/app/way-of-a-task.ts";
import { samplePolicy } from "../../support/task/sample-policy.ts";

const THIRD_HEAD = "d".repeat(40);

test("the end of a run that is not on record yet is waited with, and ends its attempt then", async () => {
  const app = await openApp();
  const task = await app.task();
  const attempt = attemptId(task.id, 1);
  const ended = {
    ...place(),
    kind: "workflow-run-completed",
    runId: 44,
    attempt,
    conclusion: "failure",
  } as const;
  await expect(app.handle(ended)).rejects.toThrow(GitHubUnavailable);
  await app.tell(task.id, { type: "record-run", attempt, run: { id: 44, url: "http://run" } });
  await app.handle(ended);
  expect((await app.load(task.id)).phase.kind).toBe("backing-off");
});

test("a run that names another repository's attempt, or none, waits for nothing", async () => {
  const app = await openApp();
  const task = await app.task();
  const ended = { ...place(), kind: "workflow-run-completed", runId: 44, conclusion: "failure" } as const;
  const elsewhere = { ...ended, repository: { ...REPOSITORY, id: 99 } };
  await app.handle({ ...elsewhere, attempt: attemptId(task.id, 1) });
  await app.handle({ ...ended, attempt: "7-7-7.1" as AttemptId });
  await app.handle({ ...ended, attempt: null });
  expect(await app.load(task.id)).toEqual(task);
});

test("a runner that is quicker than the record of its run is asked to come back", async () => {
  const app = await openApp();
  const task = await app.task();
  const { owner, name } = REPOSITORY;
  const identity = {
    repositoryId: REPOSITORY.id,
    runId: 44,
    workflowRef: `${owner}/${name}/.github/workflows/baton.yml@refs/heads/main`,
    eventName: "workflow_dispatch",
    environment: null,
  };
  const context = { ...app.context, runs: { verify: async () => ({ ok: true, value: identity }) as const } };
  const early = await leaseAttempt(context, { attempt: attemptId(task.id, 1), idToken: "token" });
  expect(early).toMatchObject({ ok: false, error: { code: "run-unrecorded" } });
});

test("what a session shows after its lease is over is not kept", async () => {
  const app = await openApp();
  const { id } = await app.task();
  const attempt = attemptId(id, 1);
  const { attempts } = app.context.store;
  const lease = "L-1" as LeaseId;
  const seenAt = "2026-11-20T12:00:00.000Z";
  await attempts.saveLease({
    id: lease,
    attempt,
    tenant: 1 as TenantId,
    tokenHash: tokenHash("token"),
    seenAt,
  });
  await app.tell(id, { type: "record-run", attempt, run: { id: 44, url: "http://run" } });
  await app.tell(id, { type: "claim-lease", attempt, lease, runId: 44 });
  const beat = (text: string) => {
    const event = { type: "notice", level: "info", text } as const;
    return recordHeartbeat(app.context, {
      attempt,
      token: "token",
      heartbeat: { events: [{ sequence: 1, at: seenAt, event }] },
    });
  };
  expect(await beat("At work.")).toMatchObject({ value: { directive: "continue" } });
  await app.tell(id, { type: "hold" });
  expect(await beat("Still at work.")).toMatchObject({ value: { directive: "cancel" } });
  const [shown, ...more] = await attempts.sessionEvents(attempt);
  expect(shown).toContain("At work.");
  expect(more).toEqual([]);
});

test("only the run that was started for the verify command may run it", async () => {
  const app = await openApp({ changedFiles: async () => ["src/sum.js"] });
  const { id } = await takeTo(app, "reviewable");
  const policy = { ...samplePolicy(), digest: "c".repeat(64) };
  await app.tell(id, {
    type: "change-policy",
    policy: { ...policy, verify: { ...policy.verify, command: "make" } },
  });
  const pushed = await app.tell(id, { type: "observe-head", sha: THIRD_HEAD, by: "sam", changedFiles: [] });
  const attempt = attemptId(id, pushed.attemptOrdinal);
  const { owner, name } = REPOSITORY;
  const identity = {
    repositoryId: REPOSITORY.id,
    runId: 44,
    workflowRef: `${owner}/${name}/.github/workflows/baton.yml@refs/heads/main`,
    eventName: "workflow_dispatch",
    environment: VERIFY_ENVIRONMENT,
  };
  const context = { ...app.context, runs: { verify: async () => ({ ok: true, value: identity }) as const } };
  const begin = (of = attempt) => beginVerification(context, { attempt: of, idToken: "token" });

  expect(await begin()).toMatchObject({ error: { code: "run-unrecorded" } });
  await app.tell(id, { type: "record-run", attempt, run: { id: 45, url: "http://run" } });
  expect(await begin()).toMatchObject({ error: { code: "run-unknown" } });
  identity.runId = 45;
  expect(await begin(attemptId(id, 3))).toMatchObject({ error: { code: "nothing-to-verify" } });
  expect(await begin()).toMatchObject({
    value: { sha: THIRD_HEAD, command: "make", briefing: { stage: "verify" } },
  });
});

test("a dispatch that is given up is a person's turn, with the reason", async () => {
  const app = await openApp();
  const task = await app.task();
  const pending = (await app.effects()).find(({ effect }) => effect.kind === "dispatch-run");
  if (!pending) throw new Error("No run was wanted.");
  await abandonEffect(app.context, pending, "GitHub answered 418.");
  expect((await app.load(task.id)).phase).toMatchObject({
    kind: "stuck",
    reason: "policy",
    detail: "The run could not be started: GitHub answered 418.",
  });
});

test("of two processes that start a run for one attempt, the one that comes second cancels its own", async () => {
  const cancelled: number[] = [];
  const bothAsked = Promise.withResolvers<void>();
  let asked = 0;
  const app = await openApp({
    readFile: async () => ({ kind: "absent" }),
    async dispatchRun() {
      const id = 44 + asked++;
      if (asked === 2) bothAsked.resolve();
      await bothAsked.promise;
      return { kind: "started", run: { id, url: "http://run" } };
    },
    cancelRun: async (_repository, run) => void cancelled.push(run),
  });
  const task = await app.task();
  const pending = (await app.effects()).find(({ effect }) => effect.kind === "dispatch-run");
  if (!pending) throw new Error("No run was wanted.");
  await Promise.all([runEffect(app.context, pending), runEffect(app.context, pending)]);
  expect((await app.load(task.id)).phase).toMatchObject({ attempt: { run: { id: 44 } } });
  expect(cancelled).toEqual([45]);
  const events = eventsOf(await app.context.store.tasks.history(task.id));
  expect(events.filter(({ event }) => event.type === "RunStarted")).toHaveLength(1);
});

test("a second run of an attempt, as a crash may leave one, is cancelled and the first goes on", async () => {
  const cancelled: number[] = [];
  const app = await openApp({
    readFile: async () => ({ kind: "absent" }),
    dispatchRun: async () => ({ kind: "started", run: { id: 45, url: "http://run" } }),
    cancelRun: async (_repository, run) => void cancelled.push(run),
  });
  const task = await app.task();
  const pending = (await app.effects()).find(({ effect }) => effect.kind === "dispatch-run");
  if (!pending) throw new Error("No run was wanted.");
  const attempt = attemptId(task.id, 1);
  await app.tell(task.id, { type: "record-run", attempt, run: { id: 44, url: "http://run" } });
  await runEffect(app.context, pending);
  expect(cancelled).toEqual([45]);
  expect((await app.load(task.id)).phase).toMatchObject({ attempt: { run: { id: 44 } } });
});
