import { expect, test } from "vitest";
import { mirrorTask } from "../../../src/app/mirror-task.ts";
import { taskId } from "../../../src/base/ids.ts";
import { ISSUE, REPOSITORY, startCommand } from "../../support/task/candidate-commands.ts";
import { openApp, place } from "../../support/app/open-app.ts";
import { SECOND_HEAD, takeTo } from "../../support/app/way-of-a-task.ts";

const THIRD_HEAD = "d".repeat(40);

test("re-running the gate or all checks of work that went well shows them again and restarts nothing", async () => {
  const app = await openApp({ roleOf: async () => "write" });
  const task = await takeTo(app, "reviewable");
  const asked = {
    ...place("robin"),
    kind: "check-rerequested",
    branch: task.branch,
    externalId: null,
  } as const;
  await app.handle({ ...asked, sha: SECOND_HEAD, name: "baton/gate" });
  await app.handle({ ...asked, sha: SECOND_HEAD, name: null });
  expect(await app.load(task.id)).toEqual(task);
  expect(app.done).toContain("ensureChecks");
  await app.handle({ ...asked, sha: THIRD_HEAD, name: "baton/review" });
  expect(await app.load(task.id)).toEqual(task);
  await app.handle({ ...asked, sha: SECOND_HEAD, name: "baton/review" });
  expect((await app.load(task.id)).phase).toMatchObject({ kind: "dispatched", attempt: { stage: "review" } });
});

test("the trigger label starts work however it is capitalized, and is no part of what was asked for", async () => {
  const labels = ["Baton", "docs"];
  const app = await openApp({
    roleOf: async () => "write",
    headOf: async () => SECOND_HEAD,
    list: async () => null,
    readFile: async () => ({
      kind: "found",
      text: 'version: 1\nharness: { use: command, run: ["agent"] }\n',
    }),
    issue: async () => ({ title: ISSUE.title, body: ISSUE.body, labels, state: "open", author: "maya" }),
  });
  const issue = { ...ISSUE, number: 40, labels };
  await app.handle({ ...place("robin"), kind: "label-added", issue, isPull: false, label: "Baton" });
  expect((await app.load(taskId(REPOSITORY.id, 40, 1))).issue.labels).toEqual(["docs"]);
});

test("a task follows its repository whose owner was renamed, from the next event that names it", async () => {
  const app = await openApp({ roleOf: async () => "write" });
  const task = await takeTo(app, "reviewable");
  const renamed = { ...REPOSITORY, owner: "acme-labs" };
  const asked = {
    ...place("robin"),
    kind: "check-rerequested",
    branch: task.branch,
    externalId: null,
  } as const;
  await app.handle({ ...asked, repository: renamed, sha: SECOND_HEAD, name: "baton/review" });
  expect(await app.load(task.id)).toMatchObject({
    repository: renamed,
    phase: { kind: "dispatched", attempt: { stage: "review" } },
  });
});

test("a merge queue finds the checks on its own commit, as they are while it waits", async () => {
  const shown = new Map<string, string | null>();
  const app = await openApp({
    ensureChecks: async (_repository, sha, checks) => {
      for (const { name, conclusion } of checks) shown.set(`${sha} ${name}`, conclusion);
    },
  });
  const { id } = await takeTo(app, "reviewable");
  await app.tell(id, { type: "record-pull", number: 8, url: "http://pull" });
  const queued = { ...place("robin"), pullNumber: 8, sha: THIRD_HEAD } as const;
  await app.handle({ ...queued, kind: "queue-entered" });
  await mirrorTask(app.context, id, { always: false });
  expect(shown.get(`${THIRD_HEAD} baton/review`)).toBe("success");
  expect(shown.get(`${THIRD_HEAD} baton/gate`)).toBeNull();

  const yes = { type: "approve", digest: null, givenAt: "2026-11-20T12:00:00Z", source: "comment" } as const;
  await app.tell(id, { ...yes, sha: null }, "robin");
  await mirrorTask(app.context, id, { always: false });
  expect(shown.get(`${THIRD_HEAD} baton/gate`)).toBe("success");

  await app.handle({ ...queued, kind: "queue-left", sha: SECOND_HEAD });
  expect((await app.load(id)).queuedSha).toBe(THIRD_HEAD);
  await app.handle({ ...queued, kind: "queue-left" });
  expect((await app.load(id)).queuedSha).toBeNull();
});

test("whoever gave a review that does not count is told why, once, and a bot is not", async () => {
  const said: string[] = [];
  const app = await openApp({
    roleOf: async () => "write",
    headOf: async () => null,
    issue: async () => null,
    ensureComment: async (_repository, number, _marker, body) => void said.push(`${number}: ${body}`),
  });
  const task = await takeTo(app, "reviewable");
  await app.tell(task.id, { type: "record-pull", number: 8, url: "http://pull" });
  const pull = {
    number: 8,
    headRef: task.branch,
    headSha: SECOND_HEAD,
    baseRef: "main",
    headRepositoryId: REPOSITORY.id,
  };
  const review = {
    kind: "review-submitted",
    pull,
    sha: SECOND_HEAD,
    body: "",
    at: "2026-11-20T12:00:00Z",
  } as const;
  const maya = { id: 1, login: "maya", type: "user" } as const;
  const bot = { id: 2, login: "reviewer[bot]", type: "bot" } as const;
  await app.handle({ ...place("maya"), ...review, reviewer: maya, state: "approved" });
  await app.handle({ ...place("reviewer[bot]"), ...review, reviewer: bot, state: "approved" });
  expect(said).toHaveLength(1);
  expect(said[0]).toMatch(/^8: <!-- baton:answer:\S+ -->\n@maya .*asked for this work/);
});

test("a policy push that is told late leaves open tasks the policy that stands on the branch now", async () => {
  const read: string[] = [];
  const app = await openApp({
    headOf: async () => THIRD_HEAD,
    list: async () => null,
    readFile: async (_repository, _path, ref) => {
      read.push(ref);
      return { kind: "absent" };
    },
  });
  await app.handle({ ...place(), kind: "policy-changed", sha: SECOND_HEAD });
  expect(read.at(-1)).toBe(THIRD_HEAD);
});

test("a task that ended does not take the status label of the one that began after it", async () => {
  const labels: string[] = [];
  const app = await openApp({
    ensureLabel: async (_repository, _issue, label) => void labels.push(label.name),
  });
  const first = await app.task();
  await app.tell(first.id, { type: "cancel", why: "not needed" });
  const again = taskId(REPOSITORY.id, first.issue.number, 2);
  await app.tell(again, { ...startCommand(), task: again, issue: first.issue, branch: `${first.branch}-2` });
  await mirrorTask(app.context, again, { always: false });
  await mirrorTask(app.context, first.id, { always: true });
  expect(labels).toEqual(["baton:pending"]);
});
