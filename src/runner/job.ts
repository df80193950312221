import type { ActionsHost } from "./reporting/actions-host.ts";
import type { AttemptClient } from "./reporting/attempt-client.ts";
import type { Redactor } from "./reporting/redact.ts";
import type { Remote } from "./git/remote.ts";
import type { Timers } from "./timers.ts";

/** One job of Baton's workflow and all that it works with. */
export type Job = {
  readonly host: ActionsHost;
  readonly client: AttemptClient;
  readonly redactor: Redactor;
  readonly timers: Timers;
  /** The server's address as the OIDC token's audience names it. */
  readonly audience: string;
  /** The job's environment: what is not on the allow-list or in `passEnv` stays in it. */
  readonly env: Readonly<Record<string, string | undefined>>;
  /** Names of its variables that the agent, or the verify command, may have beside the allow-list. */
  readonly passEnv: readonly string[];
  /** Where directories may be made; the runner empties it after the job. */
  readonly tempDir: string;
  /** Where agent programs are kept from job to job, if the runner keeps anything. */
  readonly toolsDir: string;
  /** Aborted when the run is cancelled: about ten seconds are left then. */
  readonly cancelled: AbortSignal;
  /** The repository on GitHub, with the job's own read-only token. */
  readonly remoteOf: (repository: { readonly owner: string; readonly name: string }) => Remote;
};
