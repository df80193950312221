import type { Result } from "../base/result.ts";

/** Which Actions job speaks, as its OIDC token proves it. */
export type RunIdentity = {
  readonly repositoryId: number;
  readonly runId: number;
  /** `owner/name/.github/workflows/file.yml@ref`. */
  readonly workflowRef: string;
  readonly eventName: string;
  /** The Actions environment of the job; null for a job without one. */
  readonly environment: string | null;
};

export interface RunIdentityVerifier {
  /** The error is one sentence for the run's log. Throws when the issuer's keys cannot be had now. */
  verify(token: string): Promise<Result<RunIdentity, string>>;
}
