import { createHash, createPublicKey, verify } from "node:crypto";

import type { App, Token } from "./entity/account.ts";
import type { Caller } from "./caller.ts";
import type { Hub } from "./hub.ts";

export type Authentication = { ok: true; caller: Caller } | AuthenticationRefusal;

interface AuthenticationRefusal {
  ok: false;
  status: 401 | 403;
  message: string;
}

/**
 * Reads an `Authorization` header as GitHub's API does: `token` and `Bearer` mean the same, Basic carries the token
 * as its password.
 */
export function authenticate(hub: Hub, header: string | undefined): Authentication {
  if (header === undefined || header === "") return { ok: true, caller: { kind: "anonymous" } };
  const [scheme = "", value = ""] = header.split(/\s+/, 2);
  switch (scheme.toLowerCase()) {
    case "bearer":
    case "token":
      return value.split(".").length === 3 ? authenticateApp(hub, value) : authenticateToken(hub, value);
    case "basic": {
      const credentials = Buffer.from(value, "base64").toString("utf8");
      return authenticateToken(hub, credentials.slice(credentials.indexOf(":") + 1));
    }
    default:
      return badCredentials;
  }
}

const badCredentials = refused("Bad credentials");

function refused(message: string): AuthenticationRefusal {
  return { ok: false, status: 401, message };
}

export function hashToken(secret: string): string {
  return createHash("sha256").update(secret).digest("hex");
}

function authenticateToken(hub: Hub, secret: string): Authentication {
  const token = hub.store.tokens.findOne({ tokenHash: hashToken(secret) });
  if (token === undefined || token.revokedAt !== null) return badCredentials;
  if (token.expiresAt !== null && Date.parse(token.expiresAt) <= hub.date().getTime()) return badCredentials;
  const caller = callerOf(hub, token);
  if (caller === undefined) return badCredentials;
  if (caller.kind === "installation" && caller.installation.suspendedAt !== null) {
    return { ok: false, status: 403, message: "This installation has been suspended" };
  }
  return { ok: true, caller };
}

function callerOf(hub: Hub, token: Token): Caller | undefined {
  const account = hub.store.accounts.get(token.userId);
  if (account === undefined) return undefined;
  if (token.kind === "personal") return { kind: "user", account, token };
  const app = hub.store.apps.findOne({ botId: account.id });
  if (app === undefined) return undefined;
  const permissions = token.permissions ?? {};
  if (token.kind === "job") {
    const repositoryId = token.repositoryIds?.[0];
    if (repositoryId === undefined || token.jobId === null) return undefined;
    return { kind: "job", account, app, token, permissions, repositoryId, jobId: token.jobId };
  }
  const installation =
    token.installationId === null ? undefined : hub.store.installations.get(token.installationId);
  if (installation === undefined) return undefined;
  return { kind: "installation", account, app, installation, token, permissions };
}

/** GitHub accepts up to ten minutes from issue to expiry, and a minute of clock drift. */
const longestJwtSeconds = 600;
const driftSeconds = 60;

function authenticateApp(hub: Hub, jwt: string): Authentication {
  const [header = "", payload = "", signature = ""] = jwt.split(".");
  const algorithm = decodeJson(header)["alg"];
  const claims = decodeJson(payload);
  const app = findApp(hub, claims["iss"]);
  if (app === undefined) {
    return refused("'Issuer' claim ('iss') must be an Integer or a client ID of an App");
  }
  const signed = Buffer.from(`${header}.${payload}`);
  const key = app.publicKey === null ? null : createPublicKey(app.publicKey);
  const genuine =
    key !== null &&
    algorithm === "RS256" &&
    verify("sha256", signed, key, Buffer.from(signature, "base64url"));
  if (!genuine) {
    return refused("A JSON web token could not be decoded");
  }
  const problem = timeProblem(claims, hub.date().getTime() / 1000);
  return problem === undefined ? { ok: true, caller: { kind: "app", app } } : refused(problem);
}

function findApp(hub: Hub, issuer: unknown): App | undefined {
  const id = Number(issuer);
  if (Number.isInteger(id)) return hub.store.apps.get(id);
  return typeof issuer === "string" ? hub.store.apps.findOne({ clientId: issuer }) : undefined;
}

function timeProblem(claims: Record<string, unknown>, nowSeconds: number): string | undefined {
  const issued = claims["iat"];
  const expires = claims["exp"];
  if (typeof expires !== "number") {
    return "'Expiration time' claim ('exp') must be a numeric value representing the future time at which the assertion expires";
  }
  if (typeof issued !== "number" || issued > nowSeconds + driftSeconds) {
    return "'Issued at' claim ('iat') must be an Integer representing the time that the assertion was issued";
  }
  if (expires < nowSeconds - driftSeconds) return "'Expiration time' claim ('exp') is in the past";
  if (expires > nowSeconds + longestJwtSeconds + driftSeconds) {
    return "'Expiration time' claim ('exp') is too far in the future";
  }
  return undefined;
}

function decodeJson(part: string): Record<string, unknown> {
  try {
    const value: unknown = JSON.parse(Buffer.from(part, "base64url").toString("utf8"));
    return typeof value === "object" && value !== null ? (value as Record<string, unknown>) : {};
  } catch {
    return {};
  }
}
