import { openStore } from "../adapters/postgres/open-store.ts";
import { connectApp } from "./connect-app.ts";
import { createContext } from "./create-context.ts";
import type { WorkerSettings } from "./read-worker-settings.ts";
import { startEffectWorkers } from "./work/start-effects.ts";

/** Starts a process that runs effects and nothing else, beside the server and any number of its kind. */
export async function startWorker(settings: WorkerSettings): Promise<{ stop(): Promise<void> }> {
  const stopping = new AbortController();

  // 1. GitHub.
  const connected = await connectApp(settings, stopping.signal);

  // 2. The record, which the server keeps as well.
  const store = await openStore(settings.store, connected.probot.log);

  // 3. What runs the effects that the server hands over.
  const context = createContext({
    connected,
    store,
    oidcIssuer: settings.oidcIssuer,
    serverUrl: settings.publicUrl,
    signal: stopping.signal,
  });
  const workers = startEffectWorkers(context, settings, stopping.signal);

  return {
    async stop() {
      stopping.abort();
      await workers.stop();
      await store.close();
    },
  };
}
