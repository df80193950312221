import { expect, test } from "vitest";
import { abandonEffect } from "../../../src/app/abandon-effect.ts";
import { leaseAttempt } from "../../../src/app/attempt/lease-attempt.ts";
import { runEffect } from "../../../src/app/run-effect.ts";
import type { AttemptId } from "../../../src/base/ids.ts";
import { attemptId } from "../../../src/base/ids.ts";
import { GitHubUnavailable } from "../../../src/ports/github-unavailable.ts";
import { REPOSITORY } from "../../support/task/candidate-commands.ts";
import { openApp, place } from "../../support/app/open-app.ts";

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
