import type { Template } from "../expression/interpolate.ts";
import { asMapping } from "./template-value.ts";

type JobAccess = "read" | "write";

/** What a job's token may do, by the names that GitHub's REST API uses, with `id_token` for OIDC. */
export type JobPermissions = Record<string, JobAccess>;

/** What `read-all` and `write-all` stand for. `metadata` cannot be taken away. */
const scopes = [
  "actions",
  "attestations",
  "checks",
  "contents",
  "deployments",
  "discussions",
  "issues",
  "packages",
  "pages",
  "pull_requests",
  "repository_projects",
  "security_events",
  "statuses",
];

/** A repository's setting for workflows that declare nothing. GitHub's default since 2023 is `read`. */
export type DefaultPermissions = "read" | "write";

export interface PermissionRequest {
  workflow: Template;
  job: Template;
  defaults: DefaultPermissions;
  /** Runs for a pull request from a fork are never given write access or an OIDC token. */
  fromFork: boolean;
}

/**
 * The permissions of a job's GITHUB_TOKEN. What a job declares replaces what the workflow declares, and as
 * soon as one scope is named, those left out are none.
 */
export function jobPermissions(request: PermissionRequest): JobPermissions {
  const declared = request.job ?? request.workflow;
  const granted = declared == null ? defaultPermissions(request.defaults) : declaredPermissions(declared);
  const permissions: JobPermissions = { metadata: "read", ...granted };
  if (!request.fromFork) return permissions;
  delete permissions["id_token"];
  return Object.fromEntries(Object.keys(permissions).map((scope) => [scope, "read" as const]));
}

function defaultPermissions(setting: DefaultPermissions): JobPermissions {
  return setting === "write" ? allScopes("write") : { contents: "read", packages: "read" };
}

function declaredPermissions(declared: Template): JobPermissions {
  if (declared === "read-all") return allScopes("read");
  if (declared === "write-all") return { ...allScopes("write"), id_token: "write" };
  const entries = Object.entries(asMapping(declared)).filter(
    (entry): entry is [string, JobAccess] => entry[1] === "read" || entry[1] === "write",
  );
  return Object.fromEntries(entries.map(([scope, access]) => [scope.replaceAll("-", "_"), access]));
}

function allScopes(access: JobAccess): JobPermissions {
  return Object.fromEntries(scopes.map((scope) => [scope, access]));
}
