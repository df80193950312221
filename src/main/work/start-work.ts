import { createMissedDeliveries } from "../../adapters/github/missed-deliveries.ts";
import type { AppContext } from "../../app/context.ts";
import { handleIntent } from "../../app/handle-intent.ts";
import { recoverDeliveries } from "../../app/recover-deliveries.ts";
import { WORKFLOW_PATH } from "../../contract/workflow-path.ts";
import { createWebhookWorker } from "../../surfaces/webhook/create-webhook-worker.ts";
import type { ConnectedApp } from "../connect-app.ts";
import type { Settings } from "../read-settings.ts";
import { startEffects } from "./start-effects.ts";
import type { Work } from "./work.ts";

/** Works in this thread, and sends its requests with the client of whoever starts it. */
export function startWork(
  context: AppContext,
  { probot, asApp }: ConnectedApp,
  settings: Pick<Settings, "redisUrl" | "workers">,
): Work {
  const stopping = new AbortController();
  const { clock, log, store } = context;
  const worker = createWebhookWorker({
    probot,
    inbox: store.inbox,
    handle: (intent, delivery) => handleIntent(context, intent, delivery),
    own: { app: context.identity, workflow: WORKFLOW_PATH },
    clock,
    log,
  });
  const effects = startEffects(context, settings, stopping.signal);
  store.onWork(() => effects.wake());
  const working = worker.run(stopping.signal);
  const missed = createMissedDeliveries(asApp);
  const recovering = recoverDeliveries({ missed, clock, log }, stopping.signal);
  return {
    take: (delivery) => worker.take(delivery),
    look: () => worker.look(),
    async stop() {
      stopping.abort();
      await Promise.all([working, recovering, effects.stop()]);
    },
  };
}
