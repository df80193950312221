import type { Account } from "../entity/account.ts";
import { permissionNames, type AccessLevel, type PermissionSet } from "../entity/permission.ts";
import type { NewApp } from "./create-app.ts";

export type ManifestReading =
  | { ok: true; app: NewApp }
  /** A sentence for each thing that GitHub would not accept. */
  | { ok: false; problems: string[] };

/**
 * An App manifest as GitHub's "Registering a GitHub App from a manifest" describes it, parsed from JSON (or YAML: a
 * Probot `app.yml` has the same keys).
 */
export function readManifest(manifest: unknown, owner: Account): ManifestReading {
  if (!isRecord(manifest)) return { ok: false, problems: ["The manifest is not an object."] };
  const problems: string[] = [];
  const hook = isRecord(manifest["hook_attributes"]) ? manifest["hook_attributes"] : undefined;
  const name = manifest["name"];
  if (typeof name !== "string" || name.trim() === "") problems.push("'name' is missing.");
  for (const [key, url] of [
    ["url", manifest["url"]],
    ["hook_attributes.url", hook?.["url"]],
  ] as const) {
    if (url !== undefined && !(typeof url === "string" && URL.canParse(url)))
      problems.push(`'${key}' is not a URL.`);
  }
  const permissions = readPermissions(manifest["default_permissions"], problems);
  const events = readEvents(manifest["default_events"], problems);
  if (problems.length > 0) return { ok: false, problems };
  const hookUrl = hook !== undefined && hook["active"] !== false ? text(hook["url"]) : undefined;
  const description = text(manifest["description"]);
  const externalUrl = text(manifest["url"]);
  const app: NewApp = {
    name: String(name),
    owner,
    permissions,
    events,
    public: manifest["public"] === true,
    ...(description !== undefined && { description }),
    ...(externalUrl !== undefined && { externalUrl }),
    ...(hookUrl !== undefined && { webhookUrl: hookUrl }),
  };
  return { ok: true, app };
}

function readPermissions(value: unknown, problems: string[]): PermissionSet {
  if (value === undefined) return {};
  if (!isRecord(value)) {
    problems.push("'default_permissions' is not an object.");
    return {};
  }
  const permissions: PermissionSet = {};
  for (const [name, access] of Object.entries(value)) {
    const known = permissionNames.find((each) => each === name);
    if (known === undefined) problems.push(`The forge does not know the permission '${name}'.`);
    else if (!isAccessLevel(access)) problems.push(`'${name}' is neither 'read', 'write' nor 'admin'.`);
    else permissions[known] = access;
  }
  return permissions;
}

function readEvents(value: unknown, problems: string[]): string[] {
  if (value === undefined) return [];
  if (Array.isArray(value) && value.every((event) => typeof event === "string")) return value;
  problems.push("'default_events' is not a list of event names.");
  return [];
}

function isRecord(value: unknown): value is Record<string, unknown> {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}

function isAccessLevel(value: unknown): value is AccessLevel {
  return value === "read" || value === "write" || value === "admin";
}

function text(value: unknown): string | undefined {
  return typeof value === "string" ? value : undefined;
}
