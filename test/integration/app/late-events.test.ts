import { expect, test } from "vitest";
import { ISSUE, REPOSITORY } from "../../support/task/candidate-commands.ts";
import { samplePolicy } from "../../support/task/sample-policy.ts";
import { openApp, place } from "../../support/app/open-app.ts";
import { SECOND_HEAD, takeTo } from "../../support/app/way-of-a-task.ts";
import type { GitHub } from "../../../src/ports/github.ts";

/** A GitHub on which the issue reads as given, and the policy cannot be read, so that tasks keep theirs. */
function withIssue(change: Partial<Awaited<ReturnType<GitHub["issue"]>> & object>): Partial<GitHub> {
  return {
    roleOf: async () => "write",
    headOf: async () => SECOND_HEAD,
    list: async () => null,
    readFile: async () => ({ kind: "unreadable", why: "it is not there" }),
    issue: async () => ({
      title: ISSUE.title,
      body: ISSUE.body,
      labels: [],
      state: "open",
      author: "ada",
      ...change,
    }),
  };
}

test("a yes does not cover an issue that was edited before it, though its event is still on the way", async () => {
  const answers: string[] = [];
  const app = await openApp({
    ...withIssue({ body: "It should multiply." }),
    ensureComment: async (_repository, _number, _marker, body) => void answers.push(body),
  });
  const task = await takeTo(app, "reviewable");
  await app.tell(task.id, { type: "record-pull", number: 8, url: "http://pull" });
  await app.handle({
    ...place("sam"),
    kind: "review-submitted",
    pull: {
      number: 8,
      headRef: task.branch,
      headSha: SECOND_HEAD,
      baseRef: "main",
      headRepositoryId: REPOSITORY.id,
    },
    reviewer: { id: 3, login: "sam", type: "user" },
    state: "approved",
    sha: SECOND_HEAD,
    body: "",
    at: "2026-11-20T11:59:50Z",
  });
  const after = await app.load(task.id);
  expect(after.issue.body).toBe("It should multiply.");
  expect(after.approvals).toEqual([]);
  expect(answers.join()).toContain("changed after");
});

test("an event that tells an older text of the issue does not bring it back", async () => {
  const app = await openApp(withIssue({ title: "Add two sums" }));
  const task = await takeTo(app, "test");
  const late = { ...ISSUE, number: task.issue.number, title: "Add" };
  await app.handle({ ...place(), kind: "issue-edited", issue: late, isPull: false, changed: ["title"] });
  expect((await app.load(task.id)).issue.title).toBe("Add two sums");
});

test("closing an issue that is open again ends nothing", async () => {
  const app = await openApp(withIssue({ state: "open" }));
  const task = await takeTo(app, "test");
  const issue = { ...ISSUE, number: task.issue.number };
  await app.handle({ ...place(), kind: "issue-closed", issue, isPull: false, why: "closed" });
  expect((await app.load(task.id)).phase.kind).toBe("dispatched");
});

test("a label that was taken off again before its event came starts nothing", async () => {
  const policy = samplePolicy();
  const app = await openApp({
    ...withIssue({ labels: [] }),
    list: async () => null,
    readFile: async () => ({
      kind: "found",
      text: 'version: 1\nharness: { use: command, run: ["agent"] }\n',
    }),
  });
  const issue = { ...ISSUE, number: 40, labels: [policy.trigger] };
  await app.handle({ ...place(), kind: "label-added", issue, isPull: false, label: policy.trigger });
  expect(await app.context.store.tasks.findByIssue(REPOSITORY.id, 40)).toBeNull();
});

test("what was read of the checks under an older policy passes nothing under the new one", async () => {
  const policy = samplePolicy();
  const stricter = {
    ...policy,
    digest: "c".repeat(64),
    verify: { ...policy.verify, required: ["security"] },
  };
  const app = await openApp({
    observeChecks: async () => {
      await app.tell(task.id, { type: "change-policy", policy: stricter });
      return {
        checks: [{ name: "lint", state: "green", url: "http://check", logTail: "" }],
        suitesPending: false,
      };
    },
  });
  const task = await takeTo(app, "verify");
  const seen = { kind: "checks-changed", sha: SECOND_HEAD, branches: [task.branch] } as const;
  await app.handle({ ...place(), ...seen });
  expect((await app.load(task.id)).phase).toEqual(task.phase);
  expect((await app.effects()).map(({ effect }) => effect)).toContainEqual({
    kind: "read-checks",
    sha: SECOND_HEAD,
    notBefore: null,
  });
});
