import type { Server as HttpServer } from "node:http";
import { getRequestListener } from "@hono/node-server";
import { Server } from "probot";
import { identifyApp } from "../adapters/github/app-identity.ts";
import { rateAwareOctokit } from "../adapters/github/client/rate-aware-octokit.ts";
import { createRequestCounter } from "../adapters/github/client/request-counter.ts";
import { createGitHubOf } from "../adapters/github/github-of.ts";
import { createMissedDeliveries } from "../adapters/github/missed-deliveries.ts";
import { createInProcessTransport } from "../adapters/in-process/in-process-transport.ts";
import { createActionsIdentity } from "../adapters/oidc/actions-identity.ts";
import { openStore } from "../adapters/postgres/open-store.ts";
import { systemClock } from "../adapters/system/system-clock.ts";
import { systemRandomness } from "../adapters/system/system-randomness.ts";
import { abandonEffect } from "../app/abandon-effect.ts";
import type { AppContext } from "../app/context.ts";
import { WORKFLOW_FILE } from "../app/context.ts";
import { handleIntent } from "../app/handle-intent.ts";
import { recoverDeliveries } from "../app/recover-deliveries.ts";
import { runEffect } from "../app/run-effect.ts";
import { startRelay } from "../app/turn/relay.ts";
import { createTurnTaker } from "../app/turn/run-turn.ts";
import { API_PREFIX } from "../contract/attempt-api.ts";
import { createAttemptApi } from "../surfaces/api/attempt-api.ts";
import { createIngress } from "../surfaces/webhook/create-ingress.ts";
import { createWebhookWorker } from "../surfaces/webhook/create-webhook-worker.ts";
import { IngressProbot } from "../surfaces/webhook/ingress-probot.ts";
import type { Store } from "../ports/task-store.ts";
import type { Settings } from "./read-settings.ts";

export type RunningBaton = {
  /** Address that it listens on, without a slash at the end. */
  readonly url: string;
  /** The record, for whoever shows it beside the server. */
  readonly store: Store;
  /** Requests sent to GitHub so far, by kind. */
  readonly requests: () => ReadonlyMap<string, number>;
  stop(): Promise<void>;
};

/** Puts the server and its workers together and starts them, in one process. */
export async function startBaton(settings: Settings): Promise<RunningBaton> {
  const stopping = new AbortController();
  const clock = systemClock;

  // 1. Probot, with one rate-limit-aware client for all that is sent.
  const counter = createRequestCounter();
  const Octokit = rateAwareOctokit({
    clock,
    observe: counter.observe,
    signal: stopping.signal,
    writeIntervalMs: settings.writeIntervalMs,
  });
  const probotOptions = {
    appId: settings.appId,
    privateKey: settings.privateKey,
    secret: settings.webhookSecret,
    baseUrl: settings.githubApiUrl,
    logLevel: settings.logLevel,
    Octokit,
  };
  const probot = new IngressProbot(probotOptions);
  await probot.ready();
  const log = probot.log;
  const asApp = await probot.auth();
  const app = await identifyApp(asApp);
  const own = { app, workflow: `.github/workflows/${WORKFLOW_FILE}` };

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
  await server.load((_app, { addHandler }) => {
    addHandler(createIngress({ inbox: store.inbox, secrets: settings.webhookSecrets, clock, log }));
    addHandler(async (request, response) => {
      if (!answerRunner || !request.url?.startsWith(`${API_PREFIX}/`)) return false;
      await answerRunner(request, response);
      return true;
    });
  });
  const http: HttpServer = await server.start();
  const url = `http://${settings.host}:${server.port}`;

  // 4. The use cases, and what works on their behalf.
  const context: AppContext = {
    store,
    github: createGitHubOf(probot, { app, clock, signal: stopping.signal }),
    runs: createActionsIdentity({ issuer: settings.oidcIssuer, audience: settings.publicUrl ?? url }),
    clock,
    randomness: systemRandomness,
    log,
    identity: app,
    serverUrl: settings.publicUrl ?? url,
    shown: new Map(),
  };
  answerRunner = getRequestListener(createAttemptApi(context).fetch);
  const take = createTurnTaker({
    outbox: store.outbox,
    clock,
    log,
    run: (effect) => runEffect(context, effect),
    abandon: (effect, why) => abandonEffect(context, effect, why),
    signal: stopping.signal,
  });
  const transport = createInProcessTransport(take);
  const limits = { inAll: 32, perTenant: 8 };
  const relay = startRelay({ outbox: store.outbox, transport, clock, log, limits });
  const worker = createWebhookWorker({
    probot,
    inbox: store.inbox,
    handle: (intent, delivery) => handleIntent(context, intent, delivery),
    own,
    clock,
    log,
  });
  store.onWork(() => {
    relay.wake();
    worker.wake();
  });
  const working = worker.run(stopping.signal);
  const recovering = recoverDeliveries(
    { missed: createMissedDeliveries(asApp), clock, log },
    stopping.signal,
  );

  return {
    url,
    store,
    requests: counter.byKind,
    async stop() {
      stopping.abort();
      http.closeAllConnections();
      await server.stop();
      await Promise.all([working, recovering, relay.stop(), transport.stop()]);
      await store.close();
    },
  };
}
