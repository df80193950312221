import { randomBytes } from "node:crypto";

import { hashToken } from "../authenticate.ts";
import type { Account, Installation, Token } from "../entity/account.ts";
import type { PermissionSet } from "../entity/permission.ts";
import type { Hub } from "../hub.ts";
import { timestamp } from "../timestamp.ts";

export interface IssuedToken {
  /** The secret itself, which is nowhere stored. */
  token: string;
  record: Token;
}

export interface NewPersonalToken {
  user: Account;
  name?: string;
  /** Makes it a fine-grained token; without, it can do whatever its user can. */
  permissions?: PermissionSet;
  repositoryIds?: number[];
  expiresAt?: string;
}

export function createPersonalToken(hub: Hub, request: NewPersonalToken): IssuedToken {
  return issue(hub, request.permissions === undefined ? "ghp_" : "github_pat_", {
    kind: "personal",
    name: request.name ?? "token",
    userId: request.user.id,
    installationId: null,
    jobId: null,
    permissions: request.permissions ?? null,
    repositoryIds: request.repositoryIds ?? null,
    expiresAt: request.expiresAt ?? null,
  });
}

const installationTokenMs = 60 * 60 * 1000;

export interface NewInstallationToken {
  installation: Installation;
  /** At most what the installation has; the caller checks that. */
  permissions: PermissionSet;
  repositoryIds: number[] | null;
}

export function createInstallationToken(hub: Hub, request: NewInstallationToken): IssuedToken {
  const app = hub.store.apps.require(request.installation.appId);
  return issue(hub, "ghs_", {
    kind: "installation",
    name: `installation of ${app.slug}`,
    userId: app.botId,
    installationId: request.installation.id,
    jobId: null,
    permissions: { ...request.permissions, metadata: "read" },
    repositoryIds: request.repositoryIds,
    expiresAt: timestamp(new Date(hub.date().getTime() + installationTokenMs)),
  });
}

export interface NewJobToken {
  jobId: number;
  repositoryId: number;
  permissions: PermissionSet;
  /** The longest that the job may run. */
  lifetimeMs: number;
}

/** The `GITHUB_TOKEN` of one workflow job. Revoke it when the job ends. */
export function createJobToken(hub: Hub, request: NewJobToken): IssuedToken {
  return issue(hub, "ghs_", {
    kind: "job",
    name: "GITHUB_TOKEN",
    userId: hub.actionsApp.botId,
    installationId: null,
    jobId: request.jobId,
    permissions: { ...request.permissions, metadata: "read" },
    repositoryIds: [request.repositoryId],
    expiresAt: timestamp(new Date(hub.date().getTime() + request.lifetimeMs)),
  });
}

export function revokeToken(hub: Hub, tokenId: number): void {
  hub.change(() => hub.store.tokens.update(tokenId, { revokedAt: hub.now() }));
}

function issue(
  hub: Hub,
  prefix: string,
  record: Omit<Token, "id" | "tokenHash" | "createdAt" | "revokedAt">,
): IssuedToken {
  const token = prefix + randomBytes(27).toString("base64url").replaceAll(/[-_]/g, "0");
  return hub.change(() => ({
    token,
    record: hub.store.tokens.insert({
      ...record,
      tokenHash: hashToken(token),
      createdAt: hub.now(),
      revokedAt: null,
    }),
  }));
}
