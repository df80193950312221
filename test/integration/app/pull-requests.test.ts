import { expect, test } from "vitest";
import { runEffect } from "../../../src/app/run-effect.ts";
import type { App } from "../../support/app/open-app.ts";
import { openApp } from "../../support/app/open-app.ts";
import { takeTo } from "../../support/app/way-of-a-task.ts";

test("a task that was cancelled before its pull request was opened gets none", async () => {
  const app = await openApp();
  const task = await takeTo(app, "implement");
  await app.tell(task.id, { type: "cancel", why: "not needed" });
  const pending = (await app.effects()).find(({ effect }) => effect.kind === "open-pull-request");
  if (!pending) throw new Error("No pull request was wanted.");
  await runEffect(app.context, pending);
  expect(app.done).toEqual([]);
});

test("a pull request that was opened while its task was cancelled is closed", async () => {
  const app: App = await openApp({
    ensurePullRequest: async () => {
      await app.tell(task.id, { type: "cancel", why: "not needed" });
      return { number: 8, url: "http://pull" };
    },
  });
  const task = await takeTo(app, "implement");
  const pending = (await app.effects()).find(({ effect }) => effect.kind === "open-pull-request");
  if (!pending) throw new Error("No pull request was wanted.");
  await runEffect(app.context, pending);
  expect(app.done).toEqual(["ensurePullRequest", "ensureClosed"]);
});

test("work that is ready without a pull request gets one, which is marked ready at once", async () => {
  const app = await openApp({ ensurePullRequest: async () => ({ number: 8, url: "http://pull" }) });
  await takeTo(app, "reviewable");
  const kinds = async () => (await app.effects()).map(({ effect }) => effect.kind);
  const pending = (await app.effects()).findLast(({ effect }) => effect.kind === "open-pull-request");
  expect(pending).toBeDefined();
  if (pending) await runEffect(app.context, pending);
  expect(await kinds()).toContain("mark-pull-request-ready");
});
