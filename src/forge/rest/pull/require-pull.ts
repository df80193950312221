import type { ForgeRequest } from "../../forge-context.ts";
import type { Pull } from "../../hub/entity/pull.ts";
import type { Repository } from "../../hub/entity/repository.ts";
import type { Hub } from "../../hub/hub.ts";
import { findPull } from "../../hub/pull/find-pull.ts";
import type { AccessRequest } from "../../hub/repository-access.ts";
import { requireRepository } from "../require-access.ts";
import { notFound } from "../rest-refusal.ts";

export const readPulls: AccessRequest = { permission: "pull_requests", access: "read" };

/** Anyone who can read may open a pull request from a fork, and review. */
export const writePulls: AccessRequest = { permission: "pull_requests", access: "write", role: "read" };

/** The pull request that `:number` names, once the caller may do what is asked for. */
export function requirePull(
  c: ForgeRequest,
  hub: Hub,
  request: AccessRequest,
): { repository: Repository; pull: Pull } {
  const repository = requireRepository(c, hub, request);
  const pull = findPull(hub, repository, Number(c.req.param("number")));
  if (pull === undefined) throw notFound();
  return { repository, pull };
}
