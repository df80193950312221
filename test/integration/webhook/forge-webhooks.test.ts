import { expect, onTestFinished, test } from "vitest";
import { systemClock } from "../../../src/adapters/system/system-clock.ts";
import type { Intent } from "../../../src/app/intent.ts";
import type { DeliveryId } from "../../../src/base/ids.ts";
import { createWebhookWorker } from "../../../src/surfaces/webhook/create-webhook-worker.ts";
import { commitFiles } from "../github/commit-files.ts";
import { openGitHub } from "../github/github-fixture.ts";
import { silentLog } from "../github/silent-log.ts";
import { waitFor } from "../../support/wait-for.ts";
import { openIngress, SECRET } from "./ingress-server.ts";

const SITE = { owner: "ada", repo: "engine" };
const WORKFLOW = ".github/workflows/baton.yml";

const FILES = {
  [WORKFLOW]: `
name: Baton
run-name: "Baton \${{ inputs.attempt }}"
on: { workflow_dispatch: { inputs: { attempt: { type: string }, server: { type: string } } } }
jobs: { agent: { runs-on: ubuntu-latest, steps: [{ run: exit 1 }] } }
`,
  ".github/workflows/ci.yml": `
on: { push: { branches: ["baton/**"] } }
permissions: {}
jobs: { unit: { runs-on: ubuntu-latest, steps: [{ run: "true" }] } }
`,
};

/** A forge whose webhooks go through the ingress and the worker, which keeps what they mean. */
async function openLoop() {
  const { inbox, port } = await openIngress();
  const url = `http://127.0.0.1:${port}/api/github/webhooks`;
  const fixture = await openGitHub({ files: FILES, webhook: { url, secret: SECRET } });
  const intents: Intent[] = [];
  const worker = createWebhookWorker({
    probot: fixture.probot,
    inbox,
    async handle(intent, id) {
      intents.push(intent);
      await inbox.settle(id, intent.kind);
    },
    own: { app: fixture.app, workflow: WORKFLOW },
    clock: systemClock,
    log: silentLog,
  });
  const store = inbox.store.bind(inbox);
  inbox.store = async (delivery) => {
    const outcome = await store(delivery);
    if (outcome === "stored") worker.take(delivery);
    return outcome;
  };
  const stop = new AbortController();
  const running = worker.run(stop.signal);
  onTestFinished(async () => {
    stop.abort();
    await running;
  });
  const seen = <Kind extends Intent["kind"]>(kind: Kind): Promise<Extract<Intent, { kind: Kind }>> =>
    waitFor(() => {
      const found = intents.findLast((intent) => intent.kind === kind);
      expect(found, `${kind} among ${intents.map((intent) => intent.kind).join(", ")}`).toBeDefined();
      return found as Extract<Intent, { kind: Kind }>;
    });
  return { ...fixture, person: fixture.as(fixture.ada), inbox, intents, seen };
}

test("what people do on GitHub comes out as intents", async () => {
  const { app, as, person, forge, forgeRepository, github, installationId, repository, seen } =
    await openLoop();
  const { data: issue } = await person.rest.issues.create({
    ...SITE,
    title: "Add a page",
    body: "With a heading.",
  });
  const number = issue.number;

  await person.rest.issues.addLabels({ ...SITE, issue_number: number, labels: ["baton"] });
  expect(await seen("label-added")).toMatchObject({
    tenant: installationId,
    repository,
    issue: { number, title: "Add a page", body: "With a heading.", labels: ["baton"] },
    isPull: false,
    label: "baton",
    sender: { login: "ada", type: "user" },
  });

  const { data: comment } = await person.rest.issues.createComment({
    ...SITE,
    issue_number: number,
    body: "/approve",
  });
  expect(await seen("comment-created")).toMatchObject({
    commentId: comment.id,
    body: "/approve",
    isPull: false,
  });
  await person.rest.issues.updateComment({ ...SITE, comment_id: comment.id, body: "/cancel" });
  expect(await seen("comment-changed")).toMatchObject({ change: "edited", own: false });

  await person.rest.issues.update({ ...SITE, issue_number: number, title: "Add two pages" });
  expect(await seen("issue-edited")).toMatchObject({ changed: ["title"], issue: { title: "Add two pages" } });

  const sha = await commitFiles(person, SITE, {
    branch: "baton/1-page",
    from: "main",
    files: { "a.txt": "a\n" },
  });
  expect(await seen("branch-pushed")).toMatchObject({ branch: "baton/1-page", sha, forced: false });
  expect(await seen("checks-changed")).toMatchObject({ sha, branches: ["baton/1-page"] });

  const pull = await github.ensurePullRequest(repository, {
    head: "baton/1-page",
    base: "main",
    title: "Add a page",
    body: "",
  });
  await github.ensureReadyForReview(repository, pull.number);
  const grace = forge.hub.createUser({ login: "grace" });
  forge.hub.addCollaborator(forgeRepository, grace, "write");
  await as(grace).rest.pulls.createReview({
    ...SITE,
    pull_number: pull.number,
    event: "APPROVE",
    commit_id: sha,
  });
  expect(await seen("review-submitted")).toMatchObject({
    pull: { number: pull.number, headSha: sha, headRef: "baton/1-page", headRepositoryId: repository.id },
    reviewer: { login: "grace", type: "user" },
    state: "approved",
    sha,
  });

  await github.dispatchRun(repository, {
    workflow: "baton.yml",
    attempt: "1-1-1.1",
    server: "https://baton.example",
  });
  expect(await seen("workflow-run-completed")).toMatchObject({ conclusion: "failure" });

  const merged = await github.merge(repository, {
    number: pull.number,
    sha,
    method: "squash",
    title: "Add a page",
    message: "",
  });
  expect(await seen("pull-closed")).toMatchObject({
    pull: { number: pull.number },
    mergeSha: merged.kind === "merged" ? merged.sha : null,
    sender: { login: app.login, type: "bot" },
  });
});

test("Baton's own labels, comments and checks come back as nothing to do", async () => {
  const { person, github, inbox, intents, repository } = await openLoop();
  const { data: issue } = await person.rest.issues.create({ ...SITE, title: "Add a page" });
  const label = { prefix: "baton:", name: "baton:pending", color: "ededed", description: "x" };
  await github.ensureLabel(repository, issue.number, label);
  await github.ensureComment(repository, issue.number, "<!-- m -->", "planning");
  const sha = (await github.headOf(repository, "main")) ?? "";
  await github.ensureChecks(repository, sha, [
    {
      externalId: "x",
      name: "baton/plan",
      status: "completed",
      conclusion: "success",
      title: "t",
      summary: "s",
      detailsUrl: null,
      annotations: [],
    },
  ]);
  await waitFor(() => expect(inbox.stored.map(({ event }) => event)).toContain("check_run"));
  await waitFor(() => expect(inbox.outcomes.size).toBe(inbox.stored.length));
  expect(intents.map(({ kind }) => kind)).toEqual(intents.map(() => "ignored"));
});

test("a delivery that GitHub sends again is stored once", async () => {
  const { person, inbox, probot } = await openLoop();
  await person.rest.issues.create({ ...SITE, title: "Add a page" });
  await waitFor(() => expect(inbox.stored.map(({ event }) => event)).toContain("issues"));
  const asApp = await probot.auth();
  const stored = inbox.stored.find(({ event }) => event === "issues");
  const attempts = async () => {
    const { data } = await asApp.rest.apps.listWebhookDeliveries({ per_page: 100 });
    return data.filter(({ guid }) => (guid as DeliveryId) === stored?.id);
  };
  const [first] = await waitFor(async () => {
    const found = await attempts();
    expect(found).toHaveLength(1);
    return found;
  });
  await asApp.rest.apps.redeliverWebhookDelivery({ delivery_id: first?.id ?? 0 });
  await waitFor(async () => expect((await attempts()).map((each) => each.status_code)).toEqual([200, 202]));
  expect(inbox.stored.filter(({ id }) => id === stored?.id)).toHaveLength(1);
});
