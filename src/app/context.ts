import type { AppIdentity } from "../ports/app-identity.ts";
import type { Clock } from "../ports/clock.ts";
import type { GitHubOf } from "../ports/github.ts";
import type { Log } from "../ports/log.ts";
import type { Randomness } from "../ports/randomness.ts";
import type { RunIdentityVerifier } from "../ports/run-identity.ts";
import type { Store } from "../ports/task-store.ts";

/** All that the use cases need of the outside. */
export type AppContext = {
  readonly store: Store;
  readonly github: GitHubOf;
  readonly runs: RunIdentityVerifier;
  readonly clock: Clock;
  readonly randomness: Randomness;
  readonly log: Log;
  readonly identity: AppIdentity;
  /** Where runners reach this server; also the audience of their OIDC tokens. No slash at the end. */
  readonly serverUrl: string;
};
