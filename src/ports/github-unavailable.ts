/** GitHub cannot do it now: a later try may succeed, at `retryAt` at the earliest where GitHub said so. */
export class GitHubUnavailable extends Error {
  readonly retryAt: Date | null;

  constructor(message: string, options: { cause?: unknown; retryAt?: Date | null } = {}) {
    super(message, { cause: options.cause });
    this.name = "GitHubUnavailable";
    this.retryAt = options.retryAt ?? null;
  }
}
