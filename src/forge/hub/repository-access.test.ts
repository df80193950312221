import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";

import { expect, onTestFinished, test } from "vitest";

import { authenticate } from "./authenticate.ts";
import type { Caller } from "./caller.ts";
import type { PermissionName, AccessLevel, RepositoryRole } from "./entity/permission.ts";
import type { Repository } from "./entity/repository.ts";
import { Hub } from "./hub.ts";
import { checkAccess } from "./repository-access.ts";
import { createInstallationToken } from "./setup/create-token.ts";

async function openWorld() {
  const directory = mkdtempSync(join(tmpdir(), "forge-access-"));
  const hub = new Hub({ directory });
  onTestFinished(() => {
    hub.close();
    rmSync(directory, { recursive: true, force: true });
  });
  const ada = hub.createUser({ login: "ada" });
  const open = await hub.createRepository({ owner: ada, name: "open" });
  const closed = await hub.createRepository({ owner: ada, name: "closed", private: true });
  const callerWith = (token?: string): Caller => {
    const authentication = authenticate(hub, token && `Bearer ${token}`);
    if (!authentication.ok) throw new Error(authentication.message);
    return authentication.caller;
  };
  const ask = (caller: Caller, repository: Repository, wish: `${PermissionName}:${AccessLevel}`) => {
    const [permission, access] = wish.split(":") as [PermissionName, AccessLevel];
    return checkAccess(hub, { caller, repository, request: { permission, access } });
  };
  return { hub, ada, open, closed, callerWith, ask };
}

test("without a credential, what is public can be read", async () => {
  const { open, closed, callerWith, ask } = await openWorld();
  const nobody = callerWith();
  expect(ask(nobody, open, "contents:read")).toBe("granted");
  expect(ask(nobody, open, "contents:write")).toBe("forbidden");
  expect(ask(nobody, open, "administration:read")).toBe("forbidden");
  expect(ask(nobody, closed, "contents:read")).toBe("invisible");
});

test("an App as itself reaches no repository", async () => {
  const { hub, ada, open, closed, ask } = await openWorld();
  const { app } = hub.createApp({ name: "Baton", owner: ada, permissions: { contents: "read" }, events: [] });
  hub.installApp({ app, account: ada });
  expect(ask({ kind: "app", app }, open, "contents:read")).toBe("forbidden");
  expect(ask({ kind: "app", app }, closed, "contents:read")).toBe("invisible");
});

test("a job's token writes to its own repository alone", async () => {
  const { hub, ada, open, closed, callerWith, ask } = await openWorld();
  const other = await hub.createRepository({ owner: ada, name: "other" });
  const { token } = hub.createJobToken({
    jobId: 1,
    repositoryId: open.id,
    permissions: { contents: "write" },
    lifetimeMs: 60_000,
  });
  const job = callerWith(token);
  expect(ask(job, open, "contents:write")).toBe("granted");
  expect(ask(job, open, "issues:write")).toBe("forbidden");
  expect(ask(job, other, "contents:read")).toBe("granted");
  expect(ask(job, other, "contents:write")).toBe("forbidden");
  expect(ask(job, closed, "contents:read")).toBe("invisible");
});

test("an installation's token does what it carries where its installation is", async () => {
  const { hub, ada, open, closed, callerWith, ask } = await openWorld();
  const other = await hub.createRepository({ owner: ada, name: "other" });
  const { app } = hub.createApp({ name: "Baton", owner: ada, permissions: { issues: "write" }, events: [] });
  const installation = hub.installApp({ app, account: ada, repositories: [open, closed] });
  const tokenFor = (repositoryIds: number[] | null) =>
    callerWith(
      createInstallationToken(hub, { installation, permissions: { issues: "write" }, repositoryIds }).token,
    );
  expect(ask(tokenFor(null), closed, "issues:write")).toBe("granted");
  expect(ask(tokenFor(null), closed, "contents:read")).toBe("forbidden");
  expect(ask(tokenFor(null), open, "contents:read")).toBe("granted");
  expect(ask(tokenFor(null), other, "issues:write")).toBe("forbidden");
  expect(ask(tokenFor([open.id]), closed, "issues:read")).toBe("invisible");
});

test.each<[RepositoryRole, string]>([
  ["read", "granted forbidden forbidden"],
  ["triage", "granted forbidden forbidden"],
  ["write", "granted granted forbidden"],
  ["maintain", "granted granted forbidden"],
  ["admin", "granted granted granted"],
])("the role %s may read, write, administer: %s", async (role, expected) => {
  const { hub, closed, callerWith, ask } = await openWorld();
  const grace = hub.createUser({ login: "grace" });
  const caller = callerWith(hub.createToken({ user: grace }).token);
  expect(ask(caller, closed, "contents:read")).toBe("invisible");
  hub.addCollaborator(closed, grace, role);
  const wishes = ["contents:read", "contents:write", "administration:admin"] as const;
  expect(wishes.map((wish) => ask(caller, closed, wish)).join(" ")).toBe(expected);
});

test("a fine-grained token is held to its permissions, its repositories and its user's role", async () => {
  const { hub, ada, open, closed, callerWith, ask } = await openWorld();
  const grace = hub.createUser({ login: "grace" });
  const permissions = { contents: "write" } as const;
  const owner = callerWith(hub.createToken({ user: ada, permissions, repositoryIds: [closed.id] }).token);
  expect(ask(owner, closed, "contents:write")).toBe("granted");
  expect(ask(owner, closed, "issues:write")).toBe("forbidden");
  expect(ask(owner, open, "contents:write")).toBe("forbidden");
  const stranger = callerWith(hub.createToken({ user: grace, permissions }).token);
  expect(ask(stranger, open, "contents:write")).toBe("forbidden");
  expect(ask(stranger, closed, "contents:write")).toBe("invisible");
});
