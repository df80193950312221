import { createGitHubOf } from "../adapters/github/github-of.ts";
import { createActionsIdentity } from "../adapters/oidc/actions-identity.ts";
import { systemClock } from "../adapters/system/system-clock.ts";
import { systemRandomness } from "../adapters/system/system-randomness.ts";
import type { AppContext } from "../app/context.ts";
import type { Store } from "../ports/task-store.ts";
import type { ConnectedApp } from "./connect-app.ts";

export type ContextParts = {
  readonly connected: Pick<ConnectedApp, "probot" | "app">;
  readonly store: Store;
  readonly oidcIssuer: string;
  /** Where runners reach the server. */
  readonly serverUrl: string;
  /** Ends what waits for GitHub. */
  readonly signal: AbortSignal;
};

/** What the use cases need of the outside, for one thread or process that carries them out. */
export function createContext({ connected, store, oidcIssuer, serverUrl, signal }: ContextParts): AppContext {
  const { probot, app } = connected;
  return {
    store,
    github: createGitHubOf(probot, { app, clock: systemClock, signal }),
    runs: createActionsIdentity({ issuer: oidcIssuer, audience: serverUrl }),
    clock: systemClock,
    randomness: systemRandomness,
    log: probot.log,
    identity: app,
    serverUrl,
  };
}
