import type { ForgeRequest } from "../forge-context.ts";
import type { ActingCaller, AppCaller, Caller } from "../hub/caller.ts";
import type { Repository } from "../hub/entity/repository.ts";
import type { Hub } from "../hub/hub.ts";
import { findRepository } from "../hub/find-repository.ts";
import { checkAccess, type AccessRequest } from "../hub/repository-access.ts";
import { notFound, RestRefusal } from "./rest-refusal.ts";

/**
 * The repository that `:owner` and `:repo` name, once the caller may do what `request` asks for.
 * @throws RestRefusal 404 for what the caller may not see, 403 for what it may not do, 401 for nobody.
 */
export function requireRepository(c: ForgeRequest, hub: Hub, request: AccessRequest): Repository {
  const repository = findRepository(hub, c.req.param("owner") ?? "", c.req.param("repo") ?? "");
  if (repository === undefined) throw notFound();
  requireAccess(c, hub, { repository, request });
  return repository;
}

export function requireAccess(
  c: ForgeRequest,
  hub: Hub,
  { repository, request }: { repository: Repository; request: AccessRequest },
): void {
  const caller = c.get("caller");
  switch (checkAccess(hub, { caller, repository, request })) {
    case "granted":
      if (request.access !== "read" && repository.archived) {
        throw new RestRefusal(403, "Repository was archived so is read-only.");
      }
      return;
    case "invisible":
      throw notFound();
    case "forbidden":
      throw forbidden(caller);
  }
}

function forbidden(caller: Caller): RestRefusal {
  switch (caller.kind) {
    case "anonymous":
      return new RestRefusal(401, "Requires authentication");
    case "user":
      return caller.token?.permissions == null
        ? new RestRefusal(403, "Must have sufficient rights to Repository.")
        : new RestRefusal(403, "Resource not accessible by personal access token");
    case "app":
    case "installation":
    case "job":
      return new RestRefusal(403, "Resource not accessible by integration");
  }
}

/** The caller as someone in whose name things are written. Call it after `requireRepository`. */
export function actingCaller(c: ForgeRequest): ActingCaller {
  const caller = c.get("caller");
  if (caller.kind === "anonymous") throw new RestRefusal(401, "Requires authentication");
  if (caller.kind === "app") throw forbidden(caller);
  return caller;
}

/** For the endpoints that only an App itself may call. */
export function requireApp(c: ForgeRequest): AppCaller {
  const caller = c.get("caller");
  if (caller.kind === "app") return caller;
  throw new RestRefusal(401, "A JSON web token could not be decoded");
}
