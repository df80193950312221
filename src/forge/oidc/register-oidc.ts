import { randomUUID } from "node:crypto";
import { join } from "node:path";

import { SignJWT } from "jose";

import { actionsOf } from "../actions/engine/actions-engine.ts";
import type { ForgeContext } from "../forge-context.ts";
import type { IdTokenGrant } from "./id-token-grants.ts";
import { loadSigningKey, type SigningKey } from "./signing-key.ts";

const base = "/_oidc";

/** How long GitHub's tokens are valid. */
const lifetimeSeconds = 300;

/** The OIDC issuer of workflow jobs, as GitHub's at token.actions.githubusercontent.com. */
export function registerOidc({ hub, http }: ForgeContext): void {
  // Making a key takes a while, and most forges never need one.
  let loaded: Promise<SigningKey> | undefined;
  const key = (): Promise<SigningKey> => (loaded ??= loadSigningKey(join(hub.directory, "oidc.pem")));
  const issuer = (): string => hub.url + base;

  http.get(`${base}/.well-known/openid-configuration`, (c) => c.json(discovery(issuer())));

  http.get(`${base}/.well-known/jwks`, async (c) => c.json({ keys: [(await key()).jwk] }));

  http.get(`${base}/token`, async (c) => {
    const [, secret = ""] = /^Bearer (.+)$/i.exec(c.req.header("authorization") ?? "") ?? [];
    const grant = actionsOf(hub).idTokens.find(secret);
    if (grant === undefined)
      return c.json({ message: "The job has ended, or may not ask for OIDC tokens" }, 401);
    const audience = c.req.query("audience") ?? grant.defaultAudience;
    const value = await signIdToken(await key(), { issuer: issuer(), audience, grant, now: hub.date() });
    return c.json({ count: value.length, value });
  });
}

interface IdTokenRequest {
  issuer: string;
  audience: string;
  grant: IdTokenGrant;
  now: Date;
}

async function signIdToken(
  key: SigningKey,
  { issuer, audience, grant, now }: IdTokenRequest,
): Promise<string> {
  const seconds = Math.floor(now.getTime() / 1000);
  return new SignJWT({ ...grant.claims, jti: randomUUID() })
    .setProtectedHeader({ alg: "RS256", typ: "JWT", kid: key.jwk.kid })
    .setIssuer(issuer)
    .setAudience(audience)
    .setIssuedAt(seconds)
    .setNotBefore(seconds - 600)
    .setExpirationTime(seconds + lifetimeSeconds)
    .sign(key.privateKey);
}

function discovery(issuer: string) {
  return {
    issuer,
    jwks_uri: `${issuer}/.well-known/jwks`,
    subject_types_supported: ["public", "pairwise"],
    response_types_supported: ["id_token"],
    id_token_signing_alg_values_supported: ["RS256"],
    scopes_supported: ["openid"],
    claims_supported: claimNames,
  };
}

const claimNames = [
  ...["sub", "aud", "exp", "iat", "iss", "jti", "nbf", "ref", "sha", "repository", "repository_id"],
  ...[
    "repository_owner",
    "repository_owner_id",
    "repository_visibility",
    "run_id",
    "run_number",
    "run_attempt",
  ],
  ...["actor", "actor_id", "workflow", "workflow_ref", "workflow_sha", "head_ref", "base_ref", "event_name"],
  ...[
    "ref_type",
    "ref_protected",
    "environment",
    "job_workflow_ref",
    "job_workflow_sha",
    "runner_environment",
  ],
  "check_run_id",
];
