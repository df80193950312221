import type { Server as HttpServer } from "node:http";
import { getRequestListener } from "@hono/node-server";
import { Server } from "probot";
import { createGitHubOf } from "../adapters/github/github-of.ts";
import { createMissedDeliveries } from "../adapters/github/missed-deliveries.ts";
import { createActionsIdentity } from "../adapters/oidc/actions-identity.ts";
import { openStore } from "../adapters/postgres/open-store.ts";
import { systemClock } from "../adapters/system/system-clock.ts";
import { systemRandomness } from "../adapters/system/system-randomness.ts";
import type { AppContext } from "../app/context.ts";
import { handleIntent } from "../app/handle-intent.ts";
import { recoverDeliveries } from "../app/recover-deliveries.ts";
import { API_PREFIX } from "../contract/attempt-api.ts";
import { WORKFLOW_PATH } from "../contract/workflow-path.ts";
import { createAttemptApi } from "../surfaces/api/attempt-api.ts";
import { boundHeads } from "../surfaces/webhook/bound-heads.ts";
import { createIngress } from "../surfaces/webhook/create-ingress.ts";
import { createWebhookWorker, type WebhookWorker } from "../surfaces/webhook/create-webhook-worker.ts";
import { IngressProbot } from "../surfaces/webhook/ingress-probot.ts";
import type { Delivery, Store } from "../ports/task-store.ts";
import { connectApp } from "./connect-app.ts";
import { describeUnreachable } from "./describe-unreachable.ts";
import type { Settings } from "./read-settings.ts";
import { startEffects } from "./start-effects.ts";

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
  const { probot, probotOptions, asApp, app, counter } = await connectApp(settings, stopping.signal);
  const { log } = probot;
  const own = { app, workflow: WORKFLOW_PATH };

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
  let worker: WebhookWorker | null = null;
  await server.load((_app, { addHandler }) => {
    const { webhookSecrets: secrets } = settings;
    const onStored = (delivery: Delivery) => worker?.take(delivery);
    const onUnsure = () => worker?.look();
    addHandler(createIngress({ inbox: store.inbox, secrets, clock, log, onStored, onUnsure }));
    addHandler(async (request, response) => {
      if (!answerRunner || !request.url?.startsWith(`${API_PREFIX}/`)) return false;
      await answerRunner(request, response);
      return true;
    });
  });
  const http: HttpServer = await server.start();
  boundHeads(http, clock);
  const url = `http://${settings.host}:${server.port}`;
  const unreachable = describeUnreachable(settings, url);
  if (unreachable !== null) log.warn(unreachable);

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
  };
  answerRunner = getRequestListener(createAttemptApi(context).fetch);
  const effects = startEffects(context, settings, stopping.signal);
  worker = createWebhookWorker({
    probot,
    inbox: store.inbox,
    handle: (intent, delivery) => handleIntent(context, intent, delivery),
    own,
    clock,
    log,
  });
  store.onWork(() => effects.wake());
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
      await Promise.all([working, recovering, effects.stop()]);
      await store.close();
    },
  };
}
