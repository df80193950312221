import { createBullmqTransport } from "../../adapters/bullmq/bullmq-transport.ts";
import { startBullmqWorkers } from "../../adapters/bullmq/bullmq-workers.ts";
import { createInProcessTransport } from "../../adapters/in-process/in-process-transport.ts";
import { abandonEffect } from "../../app/abandon-effect.ts";
import type { AppContext } from "../../app/context.ts";
import { runEffect } from "../../app/run-effect.ts";
import { startRelay } from "../../app/turn/relay.ts";
import { createTurnTaker } from "../../app/turn/run-turn.ts";
import type { TakeTurn } from "../../ports/turn-transport.ts";
import type { Settings } from "../read-settings.ts";

/** Of one installation, in all processes that share a Redis: GitHub takes no more of it at a time anyway. */
const PER_TENANT = 8;
/** How many turns wait in Redis or run, in all: enough for many workers, and few enough to be told apart by age. */
const IN_REDIS = 1_000;

type Running = { stop(): Promise<void> };

/** Hands turns over and takes them: in this process alone, or through Redis with whatever other process takes some. */
export function startEffects(
  context: AppContext,
  settings: Pick<Settings, "redisUrl" | "workers">,
  signal: AbortSignal,
): Running & { wake(): void } {
  const { store, clock, log } = context;
  const take = createTaker(context, signal);
  const { redisUrl } = settings;
  const transport = redisUrl === null ? createInProcessTransport(take) : createBullmqTransport(redisUrl, log);
  const workers =
    redisUrl === null ? null : startWorkers({ redisUrl, workers: settings.workers }, take, context);
  const limits = { inAll: redisUrl === null ? settings.workers : IN_REDIS, perTenant: PER_TENANT };
  const relay = startRelay({ outbox: store.outbox, transport, clock, log, limits });
  return {
    wake: () => relay.wake(),
    async stop() {
      await Promise.all([relay.stop(), workers?.stop()]);
      await transport.stop();
    },
  };
}

/** Takes turns that others hand over. */
export function startEffectWorkers(
  context: AppContext,
  settings: { readonly redisUrl: string; readonly workers: number },
  signal: AbortSignal,
): Running {
  return startWorkers(settings, createTaker(context, signal), context);
}

function createTaker(context: AppContext, signal: AbortSignal): TakeTurn {
  return createTurnTaker({
    outbox: context.store.outbox,
    clock: context.clock,
    log: context.log,
    run: (effect) => runEffect(context, effect),
    abandon: (effect, why) => abandonEffect(context, effect, why),
    signal,
  });
}

function startWorkers(
  { redisUrl, workers }: { readonly redisUrl: string; readonly workers: number },
  take: TakeTurn,
  { log }: AppContext,
): Running {
  if (workers === 0) return { stop: async () => undefined };
  return startBullmqWorkers({ url: redisUrl, take, atOnce: workers, log });
}
