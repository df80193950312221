import { ProbotOctokit } from "probot";
import { expect, test } from "vitest";

import type { CreatedApp } from "../../../../src/forge/hub/setup/create-app.ts";
import { openForge, refusalOf, type ForgeFixture } from "../forge-fixture.ts";
import { signAppToken } from "../sign-app-token.ts";

function createBaton({ forge, ada }: ForgeFixture): CreatedApp {
  return forge.hub.createApp({
    name: "Baton",
    owner: ada,
    permissions: { issues: "write", contents: "read" },
    events: ["issues"],
  });
}

test("an App proves itself with a JWT by its id or its client id, and finds its installations", async () => {
  const fixture = await openForge();
  const { forge, ada, clientOfApp, clientWith, place } = fixture;
  const baton = createBaton(fixture);
  const installation = forge.hub.installApp({ app: baton.app, account: ada });
  const octokit = clientOfApp(baton);
  expect((await octokit.apps.getAuthenticated()).data).toMatchObject({
    id: baton.app.id,
    slug: "baton",
    owner: { login: "ada" },
    permissions: { issues: "write", contents: "read", metadata: "read" },
    installations_count: 1,
  });
  const byClientId = clientWith(signAppToken(baton, new Date(), { iss: baton.app.clientId }));
  expect((await byClientId.apps.listInstallations()).data.map(({ id }) => id)).toEqual([installation.id]);
  expect((await octokit.apps.getRepoInstallation(place)).data.id).toBe(installation.id);
  expect((await octokit.apps.getUserInstallation({ username: "ada" })).data.id).toBe(installation.id);
  expect((await octokit.apps.getInstallation({ installation_id: installation.id })).data).toMatchObject({
    app_slug: "baton",
    repository_selection: "all",
    account: { login: "ada" },
  });
});

test("a JWT that is forged, expired, too long or of another App is refused", async () => {
  const fixture = await openForge();
  const { forge, ada, clientWith } = fixture;
  const baton = createBaton(fixture);
  const other = forge.hub.createApp({ name: "Other", owner: ada, permissions: {}, events: [] });
  const now = new Date();
  const seconds = Math.floor(now.getTime() / 1000);
  const statusWith = async (token: string) =>
    (await refusalOf(clientWith(token).apps.getAuthenticated())).status;
  expect(await statusWith(signAppToken({ app: baton.app, privateKey: other.privateKey }, now))).toBe(401);
  expect(await statusWith(signAppToken(baton, now, { exp: seconds - 120 }))).toBe(401);
  expect(await statusWith(signAppToken(baton, now, { exp: seconds + 3600 }))).toBe(401);
  expect(await statusWith(signAppToken(baton, now, { iat: seconds + 600 }))).toBe(401);
  expect(await statusWith(signAppToken(baton, now, { iss: 1 }))).toBe(401);
  expect(await statusWith("a.b.c")).toBe(401);
});

test("Probot's client, which Baton uses, signs in as an installation", async () => {
  const fixture = await openForge();
  const { forge, ada, place } = fixture;
  const baton = createBaton(fixture);
  const installation = forge.hub.installApp({ app: baton.app, account: ada });
  const octokit = new ProbotOctokit({
    auth: { appId: baton.app.id, privateKey: baton.privateKey, installationId: installation.id },
    baseUrl: `${forge.url}/api/v3`,
  });
  const created = await octokit.rest.issues.create({ ...place, title: "From a bot" });
  expect(created.data).toMatchObject({
    user: { login: "baton[bot]", type: "Bot" },
    performed_via_github_app: { slug: "baton" },
  });
});

test("installation tokens live for an hour and can be narrowed to repositories and permissions", async () => {
  let now = new Date("2026-01-01T12:00:00Z");
  const fixture = await openForge({ now: () => now });
  const { forge, ada, clientOfApp, clientWith, place } = fixture;
  await forge.hub.createRepository({ owner: ada, name: "other" });
  const baton = createBaton(fixture);
  const { id } = forge.hub.installApp({ app: baton.app, account: ada });
  const app = clientOfApp(baton).apps;

  const whole = (await app.createInstallationAccessToken({ installation_id: id })).data;
  expect(whole).toMatchObject({ expires_at: "2026-01-01T13:00:00Z", repository_selection: "all" });
  const wholeClient = clientWith(whole.token);
  expect((await wholeClient.apps.listReposAccessibleToInstallation()).data.total_count).toBe(2);

  const narrow = (
    await app.createInstallationAccessToken({
      installation_id: id,
      repositories: ["engine"],
      permissions: { issues: "read" },
    })
  ).data;
  expect(narrow).toMatchObject({
    permissions: { issues: "read", metadata: "read" },
    repository_selection: "selected",
    repositories: [{ name: "engine" }],
  });
  const narrowClient = clientWith(narrow.token);
  const reached = (await narrowClient.apps.listReposAccessibleToInstallation()).data.repositories;
  expect(reached.map(({ name }) => name)).toEqual(["engine"]);
  expect(await refusalOf(narrowClient.issues.create({ ...place, title: "No" }))).toEqual({
    status: 403,
    message: "Resource not accessible by integration",
  });
  expect(
    await refusalOf(narrowClient.issues.create({ owner: "ada", repo: "other", title: "No" })),
  ).toMatchObject({
    status: 403,
  });

  now = new Date("2026-01-01T13:00:00Z");
  expect(await refusalOf(wholeClient.issues.create({ ...place, title: "Late" }))).toEqual({
    status: 401,
    message: "Bad credentials",
  });
});

test("an installation token cannot have more than its installation", async () => {
  const fixture = await openForge();
  const { forge, ada, repository, clientOfApp } = fixture;
  const hidden = await forge.hub.createRepository({ owner: ada, name: "hidden" });
  const baton = createBaton(fixture);
  const { id } = forge.hub.installApp({ app: baton.app, account: ada, repositories: [repository] });
  const app = clientOfApp(baton).apps;
  const token = (narrowing: object) =>
    refusalOf(app.createInstallationAccessToken({ installation_id: id, ...narrowing }));
  expect(await token({ repository_ids: [hidden.id] })).toMatchObject({ status: 422 });
  expect(await token({ repositories: ["nowhere"] })).toMatchObject({ status: 422 });
  expect(await token({ permissions: { contents: "write" } })).toEqual({
    status: 422,
    message: "The permissions requested are not granted to this installation.",
  });
  expect(await token({ permissions: { administration: "read" } })).toMatchObject({ status: 422 });
});

test("a revoked token, a suspended installation and one that was removed give no access", async () => {
  const fixture = await openForge();
  const { forge, ada, clientOfApp, clientWith, place } = fixture;
  const baton = createBaton(fixture);
  const { id } = forge.hub.installApp({ app: baton.app, account: ada });
  const { apps } = clientOfApp(baton);
  const open = async () =>
    clientWith((await apps.createInstallationAccessToken({ installation_id: id })).data.token);

  const revoked = await open();
  await revoked.apps.revokeInstallationAccessToken();
  expect(await refusalOf(revoked.issues.listForRepo(place))).toMatchObject({ status: 401 });

  const suspended = await open();
  await apps.suspendInstallation({ installation_id: id });
  expect(await refusalOf(suspended.issues.listForRepo(place))).toEqual({
    status: 403,
    message: "This installation has been suspended",
  });
  expect(await refusalOf(apps.createInstallationAccessToken({ installation_id: id }))).toEqual({
    status: 403,
    message: "This installation has been suspended",
  });
  await apps.unsuspendInstallation({ installation_id: id });
  expect((await suspended.issues.listForRepo(place)).status).toBe(200);

  await apps.deleteInstallation({ installation_id: id });
  expect(await refusalOf(suspended.issues.listForRepo(place))).toMatchObject({ status: 401 });
  expect(await refusalOf(apps.getRepoInstallation(place))).toMatchObject({ status: 404 });
});

test("an App cannot touch repositories as itself, nor installations of others", async () => {
  const fixture = await openForge();
  const { forge, ada, clientOfApp, place } = fixture;
  const baton = createBaton(fixture);
  const other = forge.hub.createApp({ name: "Other", owner: ada, permissions: {}, events: [] });
  const { id } = forge.hub.installApp({ app: other.app, account: ada });
  const octokit = clientOfApp(baton);
  expect(await refusalOf(octokit.issues.create({ ...place, title: "No" }))).toMatchObject({ status: 403 });
  expect(await refusalOf(octokit.apps.getInstallation({ installation_id: id }))).toMatchObject({
    status: 404,
  });
  expect(await refusalOf(octokit.apps.createInstallationAccessToken({ installation_id: id }))).toMatchObject({
    status: 404,
  });
});

test("a manifest's code is converted into credentials once", async () => {
  const { forge, ada, clientWith, clientOfApp } = await openForge();
  const { code } = forge.hub.createAppFromManifest({
    name: "From Manifest",
    owner: ada,
    permissions: { issues: "read" },
    events: ["issues"],
    webhookUrl: "http://127.0.0.1:9/hook",
  });
  const anonymous = clientWith("");
  const { data } = await anonymous.apps.createFromManifest({ code });
  expect(data).toMatchObject({ slug: "from-manifest", owner: { login: "ada" }, events: ["issues"] });
  expect(data.pem).toContain("BEGIN RSA PRIVATE KEY");
  expect(data.webhook_secret).toHaveLength(40);
  expect(await refusalOf(anonymous.apps.createFromManifest({ code }))).toMatchObject({ status: 404 });

  const app = forge.hub.store.apps.require(data.id);
  expect((await clientOfApp({ app, privateKey: data.pem }).apps.getAuthenticated()).data?.id).toBe(data.id);
});
