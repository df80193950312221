import type { PermissionSet } from "./permission.ts";

/** A person, an organisation, or the bot user through which an App acts. */
export interface Account {
  id: number;
  login: string;
  type: "User" | "Organization" | "Bot";
  name: string | null;
  email: string | null;
  siteAdmin: boolean;
  createdAt: string;
}

export interface Membership {
  id: number;
  organizationId: number;
  userId: number;
  role: "admin" | "member";
}

/**
 * Any bearer secret that the forge issued. Only its SHA-256 is kept.
 * A personal token without `permissions` can do whatever its user can; with them it is fine-grained.
 */
export interface Token {
  id: number;
  kind: "personal" | "installation" | "job";
  tokenHash: string;
  name: string;
  userId: number;
  installationId: number | null;
  /** The workflow job that a `GITHUB_TOKEN` was made for. */
  jobId: number | null;
  permissions: PermissionSet | null;
  /** The repositories that the token is narrowed to; `null` is all that its owner reaches. */
  repositoryIds: number[] | null;
  createdAt: string;
  expiresAt: string | null;
  revokedAt: string | null;
}

export interface App {
  id: number;
  slug: string;
  name: string;
  ownerId: number;
  botId: number;
  description: string | null;
  externalUrl: string;
  public: boolean;
  clientId: string;
  clientSecret: string;
  /**
   * PEM (SPKI). GitHub hands the private half out once and does not keep it, and neither does the forge. `null` for
   * the built-in App, as which nobody signs.
   */
  publicKey: string | null;
  hook: AppHook;
  permissions: PermissionSet;
  events: string[];
  createdAt: string;
  updatedAt: string;
}

export interface AppHook {
  active: boolean;
  url: string;
  secret: string | null;
  contentType: "json" | "form";
  insecureSsl: "0" | "1";
}

/** The short-lived code between the manifest form and its conversion into credentials. */
export interface ManifestConversion {
  id: number;
  code: string;
  appId: number;
  privateKey: string;
  expiresAt: string;
}

export interface Installation {
  id: number;
  appId: number;
  accountId: number;
  repositorySelection: "all" | "selected";
  /** Meaningful for `selected` only. */
  repositoryIds: number[];
  permissions: PermissionSet;
  events: string[];
  suspendedAt: string | null;
  suspendedById: number | null;
  createdAt: string;
  updatedAt: string;
}
