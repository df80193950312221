import type { ForgeContext, ForgeRequest } from "../../forge-context.ts";
import type { Installation } from "../../hub/entity/account.ts";
import {
  accessIncludes,
  type AccessLevel,
  permissionNames,
  type PermissionName,
  type PermissionSet,
} from "../../hub/entity/permission.ts";
import type { Hub } from "../../hub/hub.ts";
import { createInstallationToken, revokeToken } from "../../hub/setup/create-token.ts";
import { repositoriesOf } from "../../hub/setup/install-app.ts";
import { paginate } from "../paginate.ts";
import { presentRepository, presentRole } from "../present/present-repository.ts";
import { readBody, type RequestBody } from "../request-body.ts";
import { invalidRequest, RestRefusal } from "../rest-refusal.ts";
import { ownInstallation } from "./app-resource.ts";

/** Installation tokens, and what can be asked with one about itself. */
export function registerInstallationResource({ rest, hub }: ForgeContext): void {
  rest.post("/app/installations/:id/access_tokens", async (c) => {
    const installation = ownInstallation(c, hub);
    if (installation.suspendedAt !== null) {
      throw new RestRefusal(403, "This installation has been suspended");
    }
    return c.json(issueToken(hub, installation, await readBody(c)), 201);
  });

  rest.get("/installation/repositories", (c) => {
    const { installation, token } = requireInstallation(c);
    const reached = repositoriesOf(hub, installation).filter(
      (repository) => token.repositoryIds?.includes(repository.id) ?? true,
    );
    return c.json({
      total_count: reached.length,
      repository_selection: installation.repositorySelection,
      repositories: paginate(c, hub, reached).map((repository) => ({
        ...presentRepository(hub, repository),
        permissions: presentRole("read"),
      })),
    });
  });

  rest.delete("/installation/token", (c) => {
    revokeToken(hub, requireInstallation(c).token.id);
    return c.body(null, 204);
  });
}

function issueToken(hub: Hub, installation: Installation, body: RequestBody) {
  const repositoryIds = narrowRepositories(hub, installation, body);
  const permissions = narrowPermissions(installation, body.object("permissions"));
  const { token, record } = createInstallationToken(hub, { installation, permissions, repositoryIds });
  const narrowed = repositoryIds !== null || installation.repositorySelection === "selected";
  const repositories = repositoriesOf(hub, installation).filter(
    (repository) => repositoryIds?.includes(repository.id) ?? true,
  );
  return {
    token,
    expires_at: record.expiresAt,
    permissions: record.permissions,
    repository_selection: narrowed ? "selected" : "all",
    ...(narrowed && {
      repositories: repositories.map((repository) => presentRepository(hub, repository)),
    }),
  };
}

function narrowRepositories(hub: Hub, installation: Installation, body: RequestBody): number[] | null {
  const names = body.strings("repositories");
  const ids = readIds(body);
  if (names === undefined && ids === undefined) return null;
  const reached = repositoriesOf(hub, installation);
  const named = (names ?? []).map((name) => reached.find((repository) => repository.name === name)?.id);
  const numbered = (ids ?? []).map((id) => reached.find((repository) => repository.id === id)?.id);
  const chosen = [...named, ...numbered];
  if (chosen.some((id) => id === undefined)) {
    throw new RestRefusal(
      422,
      "There is at least one repository that does not exist or is not accessible to the parent installation.",
    );
  }
  return [...new Set(chosen.filter((id) => id !== undefined))];
}

function readIds(body: RequestBody): number[] | undefined {
  const ids = body.raw("repository_ids");
  if (ids === undefined) return undefined;
  if (Array.isArray(ids) && ids.every((id) => Number.isInteger(id))) return ids as number[];
  throw invalidRequest("For 'properties/repository_ids', the value is not an array of integers.");
}

/** A token can have less than its installation and never more. */
function narrowPermissions(installation: Installation, wanted: RequestBody | undefined): PermissionSet {
  if (wanted === undefined) return installation.permissions;
  const granted: PermissionSet = {};
  for (const name of permissionNames) {
    const access = wanted.oneOf<AccessLevel>(name, ["read", "write", "admin"]);
    if (access === undefined) continue;
    if (!accessIncludes(installation.permissions[name], access)) throw notGranted();
    granted[name] = access;
  }
  const known: ReadonlySet<string> = new Set<PermissionName>(permissionNames);
  if (wanted.names().some((name) => !known.has(name))) throw notGranted();
  return granted;
}

function notGranted(): RestRefusal {
  return new RestRefusal(422, "The permissions requested are not granted to this installation.");
}

function requireInstallation(c: ForgeRequest) {
  const caller = c.get("caller");
  if (caller.kind === "installation") return caller;
  if (caller.kind === "anonymous") throw new RestRefusal(401, "Requires authentication");
  throw new RestRefusal(403, "You must authenticate with an installation access token in order to use it.");
}
