import { expect, test } from "vitest";
import { acceptReport } from "../../../src/app/attempt/accept-report.ts";
import { acceptSnapshot, loadSnapshot } from "../../../src/app/attempt/keep-snapshot.ts";
import { leaseAttempt } from "../../../src/app/attempt/lease-attempt.ts";
import type { AppContext } from "../../../src/app/context.ts";
import { attemptId, type AttemptId, type LeaseId, type TaskId } from "../../../src/base/ids.ts";
import type { Failure } from "../../../src/contract/failure.ts";
import type { Report } from "../../../src/contract/report.ts";
import { exampleTask } from "../../support/task/example-task.ts";
import { REPOSITORY } from "../../support/task/candidate-commands.ts";
import { openApp, type App } from "../../support/app/open-app.ts";

const RUN = 44;
const FAILURE: Failure = {
  kind: "agent",
  errorClass: "overloaded",
  summary: "Overloaded (529).",
  failingTests: [],
  logTail: "",
  diff: "",
};

async function open(): Promise<{ app: App; context: AppContext; task: TaskId }> {
  const { issue } = exampleTask();
  const app = await openApp({
    readFile: async () => ({ kind: "absent" }),
    roleOf: async () => "write",
    issue: async () => ({ ...issue, state: "open", author: "maya" }),
  });
  const { owner, name } = REPOSITORY;
  const identity = {
    repositoryId: REPOSITORY.id,
    runId: RUN,
    workflowRef: `${owner}/${name}/.github/workflows/baton.yml@refs/heads/main`,
    eventName: "workflow_dispatch",
    environment: null,
  };
  const context = { ...app.context, runs: { verify: async () => ({ ok: true, value: identity }) as const } };
  return { app, context, task: (await app.task()).id };
}

type Leased = { readonly token: string; readonly snapshot: string | null };

/** The attempt's run takes its lease. */
async function lease(app: App, context: AppContext, attempt: AttemptId, task: TaskId): Promise<Leased> {
  await app.tell(task, { type: "record-run", attempt, run: { id: RUN, url: "http://run" } });
  const leased = await leaseAttempt(context, { attempt, idToken: "token" });
  if (!leased.ok) throw new Error(leased.error.message);
  return leased.value;
}

async function bytesOf(context: AppContext, asked: { attempt: AttemptId; token: string }): Promise<unknown> {
  const loaded = await loadSnapshot(context, asked);
  return loaded.ok ? [...loaded.value] : loaded.error.code;
}

test("what a lost attempt did is for the next one at its stage, until one has done the stage", async () => {
  const { app, context, task } = await open();
  const [first, second, third] = [attemptId(task, 1), attemptId(task, 2), attemptId(task, 3)];
  const one = await lease(app, context, first, task);
  expect(one.snapshot).toBeNull();
  expect(await bytesOf(context, { attempt: first, token: one.token })).toBe("not-found");
  const kept = { attempt: first, token: one.token };
  expect(await acceptSnapshot(context, { ...kept, snapshot: new Uint8Array([1]) })).toMatchObject({
    ok: true,
  });
  expect(await acceptSnapshot(context, { ...kept, snapshot: new Uint8Array([2]) })).toMatchObject({
    ok: true,
  });

  const { phase } = await app.load(task);
  const held = phase.kind === "leased" ? phase.lease.id : ("" as LeaseId);
  await app.tell(
    task,
    { type: "expire-lease", lease: held, lastSeenAt: "2000-01-01T00:00:00.000Z" },
    "baton",
  );
  expect(await acceptSnapshot(context, { ...kept, snapshot: new Uint8Array([3]) })).toMatchObject({
    error: { code: "lease-over" },
  });

  // The second is lost before it kept anything.
  await app.tell(task, { type: "retry", stage: null, guidance: null });
  const two = await lease(app, context, second, task);
  expect(two.snapshot).toBe(first);
  expect(await bytesOf(context, { attempt: second, token: two.token })).toEqual([2]);
  expect(await bytesOf(context, { attempt: first, token: one.token })).toBe("lease-over");
  const failed: Report = { outcome: "failed", failure: FAILURE };
  expect(await acceptReport(context, { attempt: second, token: two.token, report: failed })).toMatchObject({
    ok: true,
  });
  expect((await app.load(task)).phase).toMatchObject({ kind: "backing-off", outage: "Overloaded (529)." });

  await app.tell(task, { type: "retry", stage: null, guidance: null });
  const three = await lease(app, context, third, task);
  expect(three.snapshot).toBe(first);
  const plan = { text: "Plan.", paths: ["src/**"] };
  const report: Report = { outcome: "done", summary: "Planned.", plan };
  expect(await acceptReport(context, { attempt: third, token: three.token, report })).toMatchObject({
    ok: true,
  });
  expect(await context.store.attempts.loadSnapshot(first)).toBeNull();
});
