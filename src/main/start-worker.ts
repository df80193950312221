import { createGitHubOf } from "../adapters/github/github-of.ts";
import { createActionsIdentity } from "../adapters/oidc/actions-identity.ts";
import { openStore } from "../adapters/postgres/open-store.ts";
import { systemClock } from "../adapters/system/system-clock.ts";
import { systemRandomness } from "../adapters/system/system-randomness.ts";
import type { AppContext } from "../app/context.ts";
import { connectApp } from "./connect-app.ts";
import type { WorkerSettings } from "./read-worker-settings.ts";
import { startEffectWorkers } from "./start-effects.ts";

/** Starts a process that runs effects and nothing else, beside the server and any number of its kind. */
export async function startWorker(settings: WorkerSettings): Promise<{ stop(): Promise<void> }> {
  const stopping = new AbortController();

  // 1. GitHub.
  const { probot, app } = await connectApp(settings, stopping.signal);

  // 2. The record, which the server keeps as well.
  const store = await openStore(settings.store, probot.log);

  // 3. What runs the effects that the server hands over.
  const context: AppContext = {
    store,
    github: createGitHubOf(probot, { app, clock: systemClock, signal: stopping.signal }),
    runs: createActionsIdentity({ issuer: settings.oidcIssuer, audience: settings.publicUrl }),
    clock: systemClock,
    randomness: systemRandomness,
    log: probot.log,
    identity: app,
    serverUrl: settings.publicUrl,
  };
  const workers = startEffectWorkers(context, settings, stopping.signal);

  return {
    async stop() {
      stopping.abort();
      await workers.stop();
      await store.close();
    },
  };
}
