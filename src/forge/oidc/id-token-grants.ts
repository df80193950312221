import { randomBytes } from "node:crypto";

/** What a running job may have proven of itself. */
export interface IdTokenGrant {
  jobId: number;
  /** The claims of its tokens, but for those about the token itself. */
  claims: Record<string, unknown>;
  /** The audience where the job names none. */
  defaultAudience: string;
}

/** Which secrets of running jobs may ask for OIDC tokens. They are gone when their job ends. */
export class IdTokenGrants {
  readonly #grants = new Map<string, IdTokenGrant>();

  /** @returns the secret for ACTIONS_ID_TOKEN_REQUEST_TOKEN */
  issue(grant: IdTokenGrant): string {
    const secret = randomBytes(32).toString("base64url");
    this.#grants.set(secret, grant);
    return secret;
  }

  find(secret: string): IdTokenGrant | undefined {
    return this.#grants.get(secret);
  }

  revoke(secret: string): void {
    this.#grants.delete(secret);
  }
}
