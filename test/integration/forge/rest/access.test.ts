import { expect, test } from "vitest";

import { openForge, refusalOf } from "../forge-fixture.ts";

test("a private repository is invisible to those who may not read it", async () => {
  const { forge, clientOf, clientWith, ada } = await openForge();
  const secret = await forge.hub.createRepository({ owner: ada, name: "secret", private: true });
  const reader = forge.hub.createUser({ login: "reader" });
  const stranger = forge.hub.createUser({ login: "stranger" });
  forge.hub.addCollaborator(secret, reader, "read");
  const place = { owner: "ada", repo: "secret" };
  const readerClient = clientOf(reader);
  expect((await readerClient.repos.get(place)).data.private).toBe(true);
  forge.hub.removeCollaborator(secret, reader);
  expect(await refusalOf(readerClient.repos.get(place))).toEqual({ status: 404, message: "Not Found" });
  expect(await refusalOf(clientOf(stranger).repos.get(place))).toEqual({ status: 404, message: "Not Found" });
  expect(await refusalOf(clientWith("").repos.get(place))).toEqual({ status: 404, message: "Not Found" });
  expect((await clientOf(stranger).repos.listForAuthenticatedUser()).data.map(({ name }) => name)).toEqual([
    "engine",
  ]);
});

test("nobody in particular may read what is public and write nothing", async () => {
  const { clientWith, place } = await openForge();
  const anonymous = clientWith("");
  expect((await anonymous.repos.get(place)).data.full_name).toBe("ada/engine");
  expect(await refusalOf(anonymous.issues.create({ ...place, title: "x" }))).toEqual({
    status: 401,
    message: "Requires authentication",
  });
  expect(await refusalOf(anonymous.users.getAuthenticated())).toMatchObject({ status: 401 });
});

test("an unknown, expired or revoked token is refused even where none is needed", async () => {
  const { forge, ada, clientWith, place } = await openForge();
  const expired = forge.hub.createToken({ user: ada, expiresAt: "2020-01-01T00:00:00Z" });
  for (const token of ["ghp_unknown", expired.token]) {
    expect(await refusalOf(clientWith(token).repos.get(place))).toEqual({
      status: 401,
      message: "Bad credentials",
    });
  }
});

test("a fine-grained token does what it was given and no more than its user may", async () => {
  const { forge, ada, repository, clientWith, place } = await openForge();
  await forge.hub.createRepository({ owner: ada, name: "other" });
  const { token } = forge.hub.createToken({
    user: ada,
    permissions: { issues: "write" },
    repositoryIds: [repository.id],
  });
  const octokit = clientWith(token);
  expect((await octokit.issues.create({ ...place, title: "Yes" })).status).toBe(201);
  expect(await refusalOf(octokit.repos.update({ ...place, description: "No" }))).toEqual({
    status: 403,
    message: "Resource not accessible by personal access token",
  });
  expect(await refusalOf(octokit.issues.create({ owner: "ada", repo: "other", title: "No" }))).toMatchObject({
    status: 403,
  });
});

test("a job's token reaches its own repository with the job's permissions", async () => {
  const { forge, repository, clientWith, place } = await openForge();
  const { token } = forge.hub.createJobToken({
    jobId: 1,
    repositoryId: repository.id,
    permissions: { issues: "write" },
    lifetimeMs: 60_000,
  });
  const octokit = clientWith(token);
  const { data } = await octokit.issues.create({ ...place, title: "From a workflow" });
  expect(data.user).toMatchObject({ login: "github-actions[bot]", type: "Bot" });
  expect(await refusalOf(octokit.repos.update({ ...place, description: "No" }))).toMatchObject({
    status: 403,
  });
});

test("the permission API tells roles, and their older names", async () => {
  const { forge, clientOf, ada, repository, place } = await openForge();
  const octokit = clientOf(ada);
  const roles = ["read", "triage", "write", "maintain", "admin"] as const;
  for (const role of roles)
    forge.hub.addCollaborator(repository, forge.hub.createUser({ login: `a-${role}` }), role);
  forge.hub.createUser({ login: "stranger" });
  const ask = async (username: string, repo = "engine") => {
    const { data } = await octokit.repos.getCollaboratorPermissionLevel({ ...place, repo, username });
    return [data.permission, data.role_name];
  };
  expect(await ask("ada")).toEqual(["admin", "admin"]);
  expect(await ask("a-maintain")).toEqual(["write", "maintain"]);
  expect(await ask("a-write")).toEqual(["write", "write"]);
  expect(await ask("a-triage")).toEqual(["read", "triage"]);
  expect(await ask("a-read")).toEqual(["read", "read"]);
  expect(await ask("stranger")).toEqual(["read", "read"]);
  await forge.hub.createRepository({ owner: ada, name: "secret", private: true });
  expect(await ask("stranger", "secret")).toEqual(["none", "none"]);
  expect(await refusalOf(ask("nobody"))).toMatchObject({ status: 404 });
  const listed = await octokit.repos.listCollaborators(place);
  expect(listed.data.map(({ login }) => login)).toEqual(["ada", ...roles.map((role) => `a-${role}`)]);
});

test("owners of an organisation administer its repositories, and members read them", async () => {
  const { forge, clientOf, ada } = await openForge();
  const { hub } = forge;
  const works = hub.createOrganization({ login: "works" });
  const member = hub.createUser({ login: "member" });
  hub.addMember(works, ada, "admin");
  hub.addMember(works, member);
  await hub.createRepository({ owner: works, name: "mill", private: true });
  const place = { owner: "works", repo: "mill" };
  const { data } = await clientOf(ada).repos.get(place);
  expect(data).toMatchObject({ permissions: { admin: true }, organization: { login: "works" } });
  expect((await clientOf(member).repos.get(place)).data.permissions).toMatchObject({
    push: false,
    pull: true,
  });
  expect((await clientOf(member).issues.create({ ...place, title: "Hi" })).data.author_association).toBe(
    "MEMBER",
  );
});
