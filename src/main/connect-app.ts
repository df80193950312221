import { identifyApp } from "../adapters/github/app-identity.ts";
import { rateAwareOctokit } from "../adapters/github/client/rate-aware-octokit.ts";
import { createRequestCounter } from "../adapters/github/client/request-counter.ts";
import { systemClock } from "../adapters/system/system-clock.ts";
import { IngressProbot } from "../surfaces/webhook/ingress-probot.ts";
import type { Settings } from "./read-settings.ts";

export type ConnectedApp = Awaited<ReturnType<typeof connectApp>>;

/** Probot with one rate-limit-aware client for all that this thread sends, and who it is on GitHub. */
export async function connectApp(settings: Settings, signal: AbortSignal) {
  const counter = createRequestCounter();
  const Octokit = rateAwareOctokit({
    clock: systemClock,
    observe: counter.observe,
    signal,
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
  const asApp = await probot.auth();
  return { probot, probotOptions, asApp, app: await identifyApp(asApp), counter };
}
