import { expect, test } from "vitest";
import { mirrorTask } from "../../../src/app/mirror-task.ts";
import { openApp } from "../../support/app/open-app.ts";

const CHANGED = { always: false };

/** An issue that keeps what it was shown last, and notes each time. */
async function openIssue(fails: { comment: boolean } = { comment: false }) {
  const issue = { label: "", comment: "", shown: [] as string[] };
  const app = await openApp({
    ensureLabel: async (_repository, _issue, label) => {
      issue.label = label.name;
      issue.shown.push(label.name);
    },
    ensureComment: async (_repository, _issue, _marker, body) => {
      if (fails.comment) throw new Error("GitHub answered 502.");
      issue.comment = body;
      issue.shown.push("comment");
    },
  });
  return { app, issue, task: await app.task() };
}

test("what one process showed is shown again after another showed something else in between", async () => {
  const { app, issue, task } = await openIssue();
  const [one, other] = [app.context, app.another()];
  await mirrorTask(one, task.id, CHANGED);
  const { comment } = issue;
  await app.tell(task.id, { type: "hold" });
  await mirrorTask(other, task.id, CHANGED);
  expect(issue.label).toBe("baton:blocked");
  expect(issue.comment).not.toBe(comment);
  await app.tell(task.id, { type: "resume" });
  await mirrorTask(one, task.id, CHANGED);
  expect(issue).toMatchObject({ label: "baton:pending", comment });
});

test("what is shown already costs no request, whichever process showed it", async () => {
  const { app, issue, task } = await openIssue();
  await mirrorTask(app.context, task.id, CHANGED);
  await mirrorTask(app.another(), task.id, CHANGED);
  expect(issue.shown).toEqual(["baton:pending", "comment"]);
  await mirrorTask(app.another(), task.id, { always: true });
  await mirrorTask(app.context, task.id, CHANGED);
  expect(issue.shown).toEqual(["baton:pending", "comment", "baton:pending", "comment"]);
});

test("what could not be shown is tried again without what could", async () => {
  const fails = { comment: true };
  const { app, issue, task } = await openIssue(fails);
  await expect(mirrorTask(app.context, task.id, CHANGED)).rejects.toThrow("GitHub answered 502.");
  fails.comment = false;
  await mirrorTask(app.another(), task.id, CHANGED);
  expect(issue.shown).toEqual(["baton:pending", "comment"]);
});

test("of a task that is over, nothing of what was shown is kept", async () => {
  const { app, issue, task } = await openIssue();
  await mirrorTask(app.context, task.id, CHANGED);
  await app.tell(task.id, { type: "cancel", why: "not needed" });
  await mirrorTask(app.context, task.id, CHANGED);
  await mirrorTask(app.context, task.id, CHANGED);
  expect(issue.shown.slice(2)).toEqual(["baton:cancelled", "comment", "baton:cancelled", "comment"]);
});
