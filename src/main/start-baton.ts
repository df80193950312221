import type { Server as HttpServer } from "node:http";
import { getRequestListener } from "@hono/node-server";
import { Server } from "probot";
import { addCounts } from "../adapters/github/client/request-counter.ts";
import { openStore } from "../adapters/postgres/open-store.ts";
import { systemClock } from "../adapters/system/system-clock.ts";
import { API_PREFIX } from "../contract/attempt-api.ts";
import type { Delivery, Store } from "../ports/task-store.ts";
import { createAttemptApi } from "../surfaces/api/attempt-api.ts";
import { boundHeads } from "../surfaces/webhook/bound-heads.ts";
import { createIngress } from "../surfaces/webhook/create-ingress.ts";
import { IngressProbot } from "../surfaces/webhook/ingress-probot.ts";
import { connectApp } from "./connect-app.ts";
import { createContext } from "./create-context.ts";
import { describeUnreachable } from "./describe-unreachable.ts";
import type { Settings } from "./read-settings.ts";
import { startWork } from "./work/start-work.ts";
import { startWorkThread } from "./work/start-work-thread.ts";
import type { WorkGiven } from "./work/work-thread.ts";
import type { Work } from "./work/work.ts";

const WORK_THREAD = new URL("./work/work-thread.ts", import.meta.url);

export type RunningBaton = {
  /** Address that it listens on, without a slash at the end. */
  readonly url: string;
  /** The record, for whoever shows it beside the server. */
  readonly store: Store;
  /** Requests sent to GitHub so far, by kind, the most frequent first. */
  requests(): Promise<ReadonlyMap<string, number>>;
  stop(): Promise<void>;
};

/**
 * Puts the server and its work together and starts them, in one process. What has come in is answered by this thread,
 * and worked on by another where the store can be reached from there.
 */
export async function startBaton(settings: Settings): Promise<RunningBaton> {
  const stopping = new AbortController();
  const clock = systemClock;

  // 1. Probot, with one rate-limit-aware client for all that this thread sends.
  const connected = await connectApp(settings, stopping.signal);
  const { probotOptions, counter } = connected;
  const { log } = connected.probot;

  // 2. The record.
  const store = await openStore(settings.store, log);

  // 3. The server: webhooks in, and the runners' API.
  const server = new Server({
    Probot: IngressProbot.defaults(probotOptions),
    log,
    host: settings.host,
    // Probot takes the number 0 for "not given".
    port: (settings.port === 0 ? "0" : settings.port) as number,
  });
  let answerRunner: ReturnType<typeof getRequestListener> | null = null;
  let work: Work | null = null;
  await server.load((_app, { addHandler }) => {
    const { webhookSecrets: secrets } = settings;
    const onStored = (delivery: Delivery) => work?.take(delivery);
    const onUnsure = () => work?.look();
    const { inbox } = store;
    const { signal } = stopping;
    addHandler(createIngress({ inbox, secrets, clock, log, onStored, onUnsure, signal }));
    addHandler(async (request, response) => {
      if (!answerRunner || !request.url?.startsWith(`${API_PREFIX}/`)) return false;
      await answerRunner(request, response);
      return true;
    });
  });
  const http: HttpServer = await server.start();
  boundHeads(http, { clock, signal: stopping.signal });
  const url = `http://${settings.host}:${server.port}`;
  const unreachable = describeUnreachable(settings, url);
  if (unreachable !== null) log.warn(unreachable);

  // 4. The use cases, and what works on their behalf.
  const { oidcIssuer } = settings;
  const serverUrl = settings.publicUrl ?? url;
  const context = createContext({ connected, store, oidcIssuer, serverUrl, signal: stopping.signal });
  answerRunner = getRequestListener(createAttemptApi(context).fetch);
  const thread =
    "url" in settings.store ? await startWorkThread<WorkGiven>(WORK_THREAD, { settings, serverUrl }) : null;
  const started = thread ?? startWork(context, connected, settings);
  work = started;

  return {
    url,
    store,
    requests: async () => addCounts(counter.byKind(), (await thread?.requests()) ?? new Map()),
    async stop() {
      // Before GitHub is given up: what would be begun after that would fail.
      const workEnded = started.stop();
      stopping.abort();
      http.closeAllConnections();
      await server.stop();
      await workEnded;
      await store.close();
    },
  };
}
