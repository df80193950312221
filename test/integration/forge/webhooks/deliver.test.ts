import { verify } from "@octokit/webhooks-methods";
import { expect, test } from "vitest";

import type { CreatedApp } from "../../../../src/forge/hub/setup/create-app.ts";
import type { Account } from "../../../../src/forge/hub/entity/account.ts";
import { startForge, type Forge } from "../../../../src/forge/start-forge.ts";
import { waitFor } from "../../../support/wait-for.ts";
import { openForge, temporaryDirectory } from "../forge-fixture.ts";
import { openReceiver } from "./webhook-receiver.ts";

const secret = "a shared secret";

function createListener(
  forge: Forge,
  owner: Account,
  { url, events = ["issues", "issue_comment"] }: { url: string; events?: string[] },
): CreatedApp {
  return forge.hub.createApp({
    name: "Listener",
    owner,
    permissions: { issues: "read" },
    events,
    webhookUrl: url,
    webhookSecret: secret,
  });
}

test("a webhook is signed over its bytes and says what it is", async () => {
  const receiver = await openReceiver();
  const { forge, ada, clientOf, place } = await openForge();
  const { app } = createListener(forge, ada, receiver);
  const installation = forge.hub.installApp({ app, account: ada });
  await clientOf(ada).issues.create({ ...place, title: "Héllo" });

  const webhook = await receiver.arrival("issues.opened");
  expect(await verify(secret, webhook.body, String(webhook.headers["x-hub-signature-256"]))).toBe(true);
  expect(webhook.headers).toMatchObject({
    "content-type": "application/json",
    "user-agent": expect.stringMatching(/^GitHub-Hookshot\/[\da-f]{7}$/) as string,
    "x-github-delivery": expect.stringMatching(/^[\da-f]{8}-[\da-f-]{27}$/) as string,
    "x-github-hook-id": String(app.id),
    "x-github-hook-installation-target-id": String(app.id),
    "x-github-hook-installation-target-type": "integration",
  });
  expect(webhook.payload).toMatchObject({
    action: "opened",
    issue: { number: 1, title: "Héllo" },
    repository: { full_name: "ada/engine" },
    sender: { login: "ada" },
    installation: { id: installation.id },
  });
});

test("an App hears of its installations, and else only what it subscribed to and may read", async () => {
  const receiver = await openReceiver();
  const { forge, ada, clientOf, place } = await openForge();
  const { app } = createListener(forge, ada, { ...receiver, events: ["issues", "push", "pull_request"] });
  const elsewhere = await forge.hub.createRepository({ owner: ada, name: "elsewhere" });
  forge.hub.installApp({ app, account: ada, repositories: [elsewhere] });
  const octokit = clientOf(ada);
  await octokit.issues.create({ ...place, title: "Not installed here" });
  const there = { owner: "ada", repo: "elsewhere" };
  await octokit.issues.create({ ...there, title: "Installed here" });
  await octokit.issues.createComment({ ...there, issue_number: 1, body: "Not subscribed" });
  const file = { ...there, path: "a.txt", message: "Not permitted", content: "eA==" };
  await octokit.repos.createOrUpdateFileContents(file);
  await octokit.issues.update({ ...there, issue_number: 1, state: "closed" });
  await receiver.arrival("issues.closed");
  expect(receiver.names()).toEqual(["ping", "installation.created", "issues.opened", "issues.closed"]);
});

test("webhooks of one App come one at a time in the order of what happened", async () => {
  const receiver = await openReceiver();
  const { forge, ada, clientOf, place } = await openForge();
  const { app } = createListener(forge, ada, receiver);
  forge.hub.installApp({ app, account: ada });
  await receiver.arrival("installation.created");
  const release = receiver.hold();
  const octokit = clientOf(ada);
  await octokit.issues.create({ ...place, title: "One", labels: ["bug", "question"], assignees: ["ada"] });
  await octokit.issues.update({ ...place, issue_number: 1, state: "closed" });
  await receiver.arrival("issues.opened");
  expect(receiver.names().slice(2)).toEqual(["issues.opened"]);
  release();
  await receiver.arrival("issues.closed");
  expect(receiver.names().slice(2)).toEqual([
    "issues.opened",
    "issues.labeled",
    "issues.labeled",
    "issues.assigned",
    "issues.closed",
  ]);
});

test("a receiver that takes too long is given up, and the next webhook is sent", async () => {
  const receiver = await openReceiver();
  const { forge, ada, clientOf, clientOfApp, place } = await openForge({ webhookTimeoutMs: 100 });
  const created = createListener(forge, ada, receiver);
  forge.hub.installApp({ app: created.app, account: ada });
  await receiver.arrival("installation.created");
  const release = receiver.hold();
  await clientOf(ada).issues.create({ ...place, title: "Slow" });
  await clientOf(ada).issues.update({ ...place, issue_number: 1, state: "closed" });
  await receiver.arrival("issues.closed");
  release();
  const octokit = clientOfApp(created);
  const slow = await waitFor(async () => {
    const { data } = await octokit.apps.listWebhookDeliveries();
    const found = data.find(({ event, action }) => event === "issues" && action === "opened");
    expect(found).toBeDefined();
    return found;
  });
  expect(slow).toMatchObject({ status: "timed out", status_code: 504 });
});

test("a failed delivery is found and sent again under its GUID with the same bytes", async () => {
  const receiver = await openReceiver();
  const { forge, ada, clientOf, clientOfApp, place } = await openForge();
  const created = createListener(forge, ada, receiver);
  forge.hub.installApp({ app: created.app, account: ada });
  await receiver.arrival("installation.created");
  receiver.answer(500);
  await clientOf(ada).issues.create({ ...place, title: "Lost" });
  const lost = await receiver.arrival("issues.opened");
  const octokit = clientOfApp(created);
  const failures = async () => (await octokit.apps.listWebhookDeliveries({ status: "failure" })).data;
  const [failed] = await waitFor(async () => {
    const found = await failures();
    expect(found).toHaveLength(1);
    return found;
  });
  expect(failed).toMatchObject({
    guid: lost.id,
    status: "Invalid HTTP Response: 500",
    status_code: 500,
    redelivery: false,
  });
  const detail = await octokit.apps.getWebhookDelivery({ delivery_id: failed?.id ?? 0 });
  expect(detail.data).toMatchObject({
    request: { payload: { action: "opened" } },
    response: { payload: "answered 500" },
  });

  receiver.answer(202);
  receiver.received.length = 0;
  await octokit.apps.redeliverWebhookDelivery({ delivery_id: failed?.id ?? 0 });
  const again = await receiver.arrival("issues.opened");
  expect(again.id).toBe(lost.id);
  expect(again.body).toBe(lost.body);
  const attempts = await waitFor(async () => {
    const { data } = await octokit.apps.listWebhookDeliveries();
    const same = data.filter(({ guid }) => guid === lost.id);
    expect(same).toHaveLength(2);
    return same;
  });
  expect(attempts.map(({ redelivery, status_code }) => [redelivery, status_code])).toEqual([
    [true, 202],
    [false, 500],
  ]);
});

test("deliveries are paged by a cursor, newest first", async () => {
  const receiver = await openReceiver();
  const { forge, ada, clientOf, clientOfApp, place } = await openForge();
  const created = createListener(forge, ada, receiver);
  forge.hub.installApp({ app: created.app, account: ada });
  for (let count = 0; count < 4; count += 1)
    await clientOf(ada).issues.create({ ...place, title: `${count}` });
  await waitFor(() => expect(receiver.received).toHaveLength(6));
  const octokit = clientOfApp(created);
  await waitFor(async () => expect((await octokit.apps.listWebhookDeliveries()).data).toHaveLength(6));
  const all = (await octokit.apps.listWebhookDeliveries()).data.map(({ id }) => id);
  expect(all).toEqual([...all].sort((a, b) => b - a));
  const first = await octokit.apps.listWebhookDeliveries({ per_page: 4 });
  const cursor = /cursor=([^&>]+)/.exec(first.headers.link ?? "")?.[1] ?? "";
  const second = await octokit.apps.listWebhookDeliveries({ per_page: 4, cursor });
  expect([...first.data, ...second.data].map(({ id }) => id)).toEqual(all);
  expect(second.headers.link).toBeUndefined();
});

test("the hook's configuration is shown without its secret and can be changed", async () => {
  const receiver = await openReceiver();
  const { forge, ada, clientOf, clientOfApp, place } = await openForge();
  const created = createListener(forge, ada, { url: "http://127.0.0.1:9/nobody" });
  forge.hub.installApp({ app: created.app, account: ada });
  const octokit = clientOfApp(created);
  expect((await octokit.apps.getWebhookConfigForApp()).data).toEqual({
    content_type: "json",
    insecure_ssl: "0",
    secret: "********",
    url: "http://127.0.0.1:9/nobody",
  });
  // Octokit's own method would take `url` for the address of the request.
  await octokit.request("PATCH /app/hook/config", {
    data: { url: receiver.url, secret: "changed", content_type: "form" },
  });
  await clientOf(ada).issues.create({ ...place, title: "Form" });
  const webhook = await receiver.arrival("issues.opened");
  expect(webhook.headers["content-type"]).toBe("application/x-www-form-urlencoded");
  expect(await verify("changed", webhook.body, String(webhook.headers["x-hub-signature-256"]))).toBe(true);
});

test("what was not delivered when the forge stopped is delivered when it starts again, once", async () => {
  const receiver = await openReceiver();
  const dir = await temporaryDirectory();
  const first = await startForge({ dir });
  const ada = first.hub.createUser({ login: "ada" });
  const repository = await first.hub.createRepository({ owner: ada, name: "engine" });
  const { app } = createListener(first, ada, receiver);
  first.hub.installApp({ app, account: ada, repositories: [repository] });
  await receiver.arrival("installation.created");
  receiver.hold();
  const { token } = first.hub.createToken({ user: ada });
  const body = JSON.stringify({ title: "Survives", labels: ["bug"] });
  const headers = { authorization: `token ${token}` };
  await fetch(`${first.url}/api/v3/repos/ada/engine/issues`, { method: "POST", headers, body });
  const interrupted = await receiver.arrival("issues.opened");
  await first.close();

  receiver.hold()();
  receiver.received.length = 0;
  const { forge, clientOf, place } = await openForge({ dir });
  await receiver.arrival("issues.labeled");
  expect(receiver.names()).toEqual(["issues.opened", "issues.labeled"]);
  expect(receiver.received[0]?.id).toBe(interrupted.id);
  expect((await clientOf(ada).issues.get({ ...place, issue_number: 1 })).data.title).toBe("Survives");
  expect((await clientOf(ada).issues.create({ ...place, title: "Next" })).data.number).toBe(2);
  expect(forge.hub.store.deliveries.find({ guid: interrupted.id })).toHaveLength(1);
});
