import { createRemoteJWKSet, errors, jwtVerify } from "jose";
import { z } from "zod";
import { err, ok } from "../../base/result.ts";
import type { RunIdentityVerifier } from "../../ports/run-identity.ts";

/** Only the claims that are needed; GitHub writes numbers in claims as strings. */
const Claims = z.object({
  repository_id: z.coerce.number().int().positive(),
  run_id: z.coerce.number().int().positive(),
  workflow_ref: z.string(),
  event_name: z.string(),
  environment: z.string().optional(),
});

/** What jose throws when the issuer's keys could not be fetched or read, which says nothing about the token. */
const KEYS_UNAVAILABLE: ReadonlySet<string> = new Set([
  errors.JOSEError.code,
  errors.JWKSTimeout.code,
  errors.JWKSInvalid.code,
]);

/**
 * Verifies OIDC tokens of GitHub Actions jobs: signature by the issuer's published keys, issuer, audience and expiry.
 * @param options.issuer `https://token.actions.githubusercontent.com`, or the local forge's.
 * @param options.audience the server's public URL, so that a token made for another service is worth nothing here.
 */
export function createActionsIdentity(options: {
  readonly issuer: string;
  readonly audience: string;
}): RunIdentityVerifier {
  const keys = createRemoteJWKSet(new URL(`${options.issuer}/.well-known/jwks`));
  return {
    async verify(token) {
      try {
        const { payload } = await jwtVerify(token, keys, {
          issuer: options.issuer,
          audience: options.audience,
          algorithms: ["RS256"],
          requiredClaims: ["exp", "iat"],
        });
        const claims = Claims.safeParse(payload);
        if (!claims.success) return err("The token is not one of an Actions job.");
        const { repository_id, run_id, workflow_ref, event_name, environment } = claims.data;
        return ok({
          repositoryId: repository_id,
          runId: run_id,
          workflowRef: workflow_ref,
          eventName: event_name,
          environment: environment ?? null,
        });
      } catch (cause) {
        if (!(cause instanceof errors.JOSEError) || KEYS_UNAVAILABLE.has(cause.code)) throw cause;
        return err(`The OIDC token is not accepted: ${cause.message}.`);
      }
    },
  };
}
