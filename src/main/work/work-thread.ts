import { parentPort, workerData } from "node:worker_threads";
import { openStore } from "../../adapters/postgres/open-store.ts";
import { connectApp } from "../connect-app.ts";
import { createContext } from "../create-context.ts";
import type { Settings } from "../read-settings.ts";
import { serveWork } from "./serve-work.ts";
import { startWork } from "./start-work.ts";
import type { WorkThreadData } from "./work-messages.ts";

export type WorkGiven = {
  readonly settings: Settings;
  /** Where runners reach the server. */
  readonly serverUrl: string;
};

if (!parentPort) throw new Error("This program is a thread of the server.");
const { settings, serverUrl, taken } = workerData as WorkThreadData<WorkGiven>;
const stopping = new AbortController();
const { signal } = stopping;

// 1. GitHub.
const connected = await connectApp(settings, signal);

// 2. The record, over connections of its own.
const store = await openStore(settings.store, connected.probot.log);

// 3. The work, on behalf of the server until it says that this shall end.
const { oidcIssuer } = settings;
const context = createContext({ connected, store, oidcIssuer, serverUrl, signal });
const work = startWork(context, connected, settings);
await serveWork(parentPort, { work, counter: connected.counter, taken });

// 4. What was begun comes to its end.
const workEnded = work.stop();
stopping.abort();
await workEnded;
await store.close();
