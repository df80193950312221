import { expect, test } from "vitest";

import {
  setInstallationRepositories,
  suspendInstallation,
  uninstallApp,
  unsuspendInstallation,
} from "../../../../src/forge/hub/setup/install-app.ts";
import { openForge } from "../forge-fixture.ts";
import { openReceiver } from "./webhook-receiver.ts";

// Each payload is held against GitHub's schema of it when the test ends.

test("everything that happens to issues, comments and labels is told", async () => {
  const receiver = await openReceiver();
  const { forge, ada, clientOf, place } = await openForge();
  const { app } = forge.hub.createApp({
    name: "Listener",
    owner: ada,
    permissions: { issues: "read" },
    events: ["issues", "issue_comment", "label"],
    webhookUrl: receiver.url,
  });
  forge.hub.installApp({ app, account: ada });
  const octokit = clientOf(ada);
  await octokit.issues.createLabel({ ...place, name: "baton", color: "0e8a16" });
  await octokit.issues.updateLabel({ ...place, name: "baton", new_name: "baton!", color: "000000" });
  await octokit.issues.create({ ...place, title: "A" });
  const issue = { ...place, issue_number: 1 };
  await octokit.issues.update({ ...issue, title: "B", body: "With a body" });
  await octokit.issues.addLabels({ ...issue, labels: ["baton!"] });
  await octokit.issues.removeLabel({ ...issue, name: "baton!" });
  await octokit.issues.addAssignees({ ...issue, assignees: ["ada"] });
  await octokit.issues.removeAssignees({ ...issue, assignees: ["ada"] });
  const { data } = await octokit.issues.createComment({ ...issue, body: "one" });
  await octokit.issues.updateComment({ ...place, comment_id: data.id, body: "two" });
  await octokit.issues.deleteComment({ ...place, comment_id: data.id });
  await octokit.issues.update({ ...issue, state: "closed" });
  await octokit.issues.update({ ...issue, state: "open" });
  await octokit.issues.deleteLabel({ ...place, name: "baton!" });
  await receiver.arrival("label.deleted");

  expect(receiver.names()).toEqual([
    "ping",
    "installation.created",
    "label.created",
    "label.edited",
    "issues.opened",
    "issues.edited",
    "issues.labeled",
    "issues.unlabeled",
    "issues.assigned",
    "issues.unassigned",
    "issue_comment.created",
    "issue_comment.edited",
    "issue_comment.deleted",
    "issues.closed",
    "issues.reopened",
    "label.deleted",
  ]);
  const payload = (name: string) => receiver.received[receiver.names().indexOf(name)]?.payload;
  expect(payload("label.edited")).toMatchObject({
    changes: { name: { from: "baton" }, color: { from: "0e8a16" } },
  });
  expect(payload("issues.edited")).toMatchObject({ changes: { title: { from: "A" }, body: { from: "" } } });
  // Each shows the state at its own moment, however late it is sent.
  expect(payload("issues.labeled")).toMatchObject({ label: { name: "baton!" }, issue: { labels: [{}] } });
  expect(payload("issues.unlabeled")).toMatchObject({ label: { name: "baton!" }, issue: { labels: [] } });
  expect(payload("issue_comment.edited")).toMatchObject({
    comment: { body: "two" },
    changes: { body: { from: "one" } },
  });
});

test("an App is told of its installation, its repositories and their settings", async () => {
  const receiver = await openReceiver();
  const { forge, ada, repository, clientOf, place } = await openForge();
  const { hub } = forge;
  const { app } = hub.createApp({
    name: "Listener",
    owner: ada,
    permissions: {},
    events: ["repository"],
    webhookUrl: receiver.url,
  });
  const installation = hub.installApp({ app, account: ada });
  const added = await hub.createRepository({ owner: ada, name: "added" });
  await clientOf(ada).repos.update({ ...place, description: "Described" });
  await clientOf(ada).repos.update({ ...place, name: "motor" });
  const selected = setInstallationRepositories(hub, { installation, repositories: [repository], by: ada });
  const suspended = suspendInstallation(hub, { installation: selected, by: ada });
  await clientOf(ada).repos.update({ ...place, repo: "motor", description: "Unheard" });
  const resumed = unsuspendInstallation(hub, { installation: suspended, by: ada });
  await clientOf(ada).repos.update({ ...place, repo: "motor", archived: true });
  uninstallApp(hub, { installation: resumed, by: ada });
  await receiver.arrival("installation.deleted");

  expect(receiver.names()).toEqual([
    "ping",
    "installation.created",
    "installation_repositories.added",
    "repository.created",
    "repository.edited",
    "repository.renamed",
    "installation_repositories.removed",
    "installation.suspend",
    "installation.unsuspend",
    "repository.archived",
    "installation.deleted",
  ]);
  const payload = (name: string) => receiver.received[receiver.names().indexOf(name)]?.payload;
  expect(payload("installation_repositories.added")).toMatchObject({
    repositories_added: [{ id: added.id }],
  });
  expect(payload("installation_repositories.removed")).toMatchObject({
    repositories_removed: [{ id: added.id }],
  });
  expect(payload("repository.renamed")).toMatchObject({
    repository: { name: "motor" },
    changes: { repository: { name: { from: "engine" } } },
  });
});

test("in an organisation the payload names it", async () => {
  const receiver = await openReceiver();
  const { forge, ada, clientOf } = await openForge();
  const works = forge.hub.createOrganization({ login: "works" });
  forge.hub.addMember(works, ada, "admin");
  await forge.hub.createRepository({ owner: works, name: "mill" });
  const { app } = forge.hub.createApp({
    name: "Listener",
    owner: works,
    permissions: { issues: "read" },
    events: ["issues"],
    webhookUrl: receiver.url,
  });
  forge.hub.installApp({ app, account: works });
  await clientOf(ada).issues.create({ owner: "works", repo: "mill", title: "Grind" });
  const webhook = await receiver.arrival("issues.opened");
  expect(webhook.payload).toMatchObject({
    organization: { login: "works" },
    repository: { owner: { type: "Organization" } },
  });
});

test("what an App does is told with its name, to itself as well", async () => {
  const receiver = await openReceiver();
  const { forge, ada, clientWith, clientOfApp, place } = await openForge();
  const created = forge.hub.createApp({
    name: "Baton",
    owner: ada,
    permissions: { issues: "write", contents: "write", actions: "read" },
    events: ["issues", "issue_comment", "push", "workflow_job"],
    webhookUrl: receiver.url,
  });
  const installation = forge.hub.installApp({ app: created.app, account: ada });
  const { data } = await clientOfApp(created).apps.createInstallationAccessToken({
    installation_id: installation.id,
  });
  const octokit = clientWith(data.token);
  await octokit.issues.create({ ...place, title: "By a bot" });
  await octokit.issues.createComment({ ...place, issue_number: 1, body: "And again" });
  const file = { ...place, path: "a.txt", message: "Written by a bot", content: "eA==" };
  await octokit.repos.createOrUpdateFileContents(file);
  const push = await receiver.arrival("push");
  expect(push.payload).toMatchObject({
    sender: { login: "baton[bot]", type: "Bot" },
    head_commit: { message: "Written by a bot", author: { username: "baton[bot]" } },
  });
  const comment = await receiver.arrival("issue_comment.created");
  expect(comment.payload).toMatchObject({
    sender: { login: "baton[bot]" },
    comment: { performed_via_github_app: { slug: "baton" } },
  });
});
