import type { ForgeContext } from "../../forge-context.ts";
import type { RepositoryRole } from "../../hub/entity/permission.ts";
import { findAccount } from "../../hub/find-repository.ts";
import { roleOf } from "../../hub/repository-access.ts";
import { paginate } from "../paginate.ts";
import { presentAccount, presentAccountById } from "../present/present-account.ts";
import { presentRole } from "../present/present-repository.ts";
import { requireRepository } from "../require-access.ts";
import { notFound } from "../rest-refusal.ts";

export function registerCollaboratorsResource({ rest, hub }: ForgeContext): void {
  rest.get("/repos/:owner/:repo/collaborators", (c) => {
    const request = { permission: "metadata", access: "read", role: "write" } as const;
    const repository = requireRepository(c, hub, request);
    const collaborators = hub.store.collaborators.find({ repositoryId: repository.id });
    const owner = hub.store.accounts.require(repository.ownerId);
    const people = [
      ...(owner.type === "User" ? [{ userId: owner.id, role: "admin" as const }] : []),
      ...collaborators,
    ];
    const page = paginate(c, hub, people).map(({ userId, role }) => ({
      ...presentAccountById(hub, userId),
      permissions: presentRole(role),
      role_name: role,
    }));
    return c.json(page);
  });

  rest.get("/repos/:owner/:repo/collaborators/:username/permission", (c) => {
    const repository = requireRepository(c, hub, { permission: "metadata", access: "read" });
    const account = findAccount(hub, c.req.param("username"));
    if (account === undefined) throw notFound();
    const role = roleOf(hub, account.id, repository);
    const roleName = role ?? "none";
    return c.json({
      permission: legacyPermission(role),
      role_name: roleName,
      user: {
        ...presentAccount(hub, account),
        permissions: role === null ? noPermissions : presentRole(role),
        role_name: roleName,
      },
    });
  });
}

const noPermissions = { admin: false, maintain: false, push: false, triage: false, pull: false };

/** `permission` knows four values; GitHub maps `maintain` to `write` and `triage` to `read`. */
function legacyPermission(role: RepositoryRole | null): "admin" | "write" | "read" | "none" {
  switch (role) {
    case "admin":
      return "admin";
    case "maintain":
    case "write":
      return "write";
    case "triage":
    case "read":
      return "read";
    case null:
      return "none";
  }
}
