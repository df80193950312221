import { join } from "node:path";
import { afterAll, beforeAll } from "vitest";
import type { RunningBaton } from "../../../src/main/start-baton.ts";
import { startBaton } from "../../../src/main/start-baton.ts";
import type { Scene, SceneWish } from "./scene.ts";
import { openScene } from "./scene.ts";
import type { ScenarioForge } from "./scenario-forge.ts";
import { openScenarioForge } from "./scenario-forge.ts";

export type World = {
  readonly site: () => ScenarioForge;
  readonly baton: () => RunningBaton;
  readonly scene: (wish?: SceneWish) => Promise<Scene>;
};

/** Forge and Baton as they run elsewhere, for all scenarios of a file: starting them costs seconds. */
export function useWorld(): World {
  let site: ScenarioForge;
  let baton: RunningBaton;
  const listeners = new Set<() => void>();
  const tell = () => {
    for (const listener of listeners) listener();
  };

  beforeAll(async () => {
    site = await openScenarioForge();
    baton = await startBaton({
      appId: site.app.id,
      privateKey: site.privateKey,
      webhookSecret: site.webhookSecret,
      webhookSecrets: [site.webhookSecret],
      githubApiUrl: `${site.forge.url}/api/v3`,
      oidcIssuer: `${site.forge.url}/_oidc`,
      publicUrl: null,
      store: { dataDir: join(site.dir, "data") },
      host: "127.0.0.1",
      port: 0,
      logLevel: "error",
      writeIntervalMs: 0,
      redisUrl: null,
      workers: 32,
    });
    site.sendWebhooksTo(baton.url);
    site.forge.hub.events.onCommitted(tell);
    baton.store.onWork(tell);
  }, 120_000);

  afterAll(async () => {
    await baton.stop();
    await site.close();
  }, 120_000);

  const changes = (listener: () => void) => {
    listeners.add(listener);
    return () => listeners.delete(listener);
  };
  return {
    site: () => site,
    baton: () => baton,
    scene: (wish = {}) => openScene(site, { store: () => baton.store, changes }, wish),
  };
}
