import { readFile } from "node:fs/promises";
import { join } from "node:path";
import { z } from "zod";
import type { Result } from "../../base/result.ts";
import { err, ok } from "../../base/result.ts";
import type { App } from "../../forge/hub/entity/account.ts";
import type { Repository } from "../../forge/hub/entity/repository.ts";
import type { Forge } from "../../forge/start-forge.ts";
import type { Settings } from "../read-settings.ts";
import { Target } from "./target.ts";

const FILE = "world.json";

/** What has to outlive the process beside the forge's own state; the file is for its owner's eyes only. */
export const World = z.object({
  target: Target,
  appId: z.number().int(),
  privateKey: z.string(),
  webhookSecret: z.string(),
  repositoryId: z.number().int(),
  /** Personal tokens by login. */
  tokens: z.record(z.string(), z.string()),
});
export type World = z.infer<typeof World>;

export type LocalWorld = World & {
  readonly repository: Repository;
  readonly app: App;
};

export function worldFile(dir: string): string {
  return join(dir, FILE);
}

/** The world of an earlier start in the same folder; null where there is none, or none that was finished. */
export async function readWorld(dir: string): Promise<Result<World | null, string>> {
  const text = await readFile(worldFile(dir), "utf8").catch(() => null);
  if (text === null) return ok(null);
  try {
    return ok(World.parse(JSON.parse(text)));
  } catch {
    return err(
      `${worldFile(dir)} is not of this version of Baton: delete the folder, or name another with --dir.`,
    );
  }
}

export function openWorld(forge: Forge, world: World): LocalWorld {
  const { apps, repositories } = forge.hub.store;
  const app = apps.get(world.appId);
  const repository = repositories.get(world.repositoryId);
  if (!app || !repository) throw new Error(`The forge beside ${FILE} is another one's.`);
  return { ...world, app, repository };
}

/** Tells the App where Baton listens this time. */
export function pointWebhooksAt(forge: Forge, world: LocalWorld, batonUrl: string): void {
  const hook = { ...world.app.hook, url: `${batonUrl}/api/github/webhooks` };
  forge.hub.change(() => forge.hub.store.apps.update(world.app.id, { hook }));
}

export function settingsFor(
  forge: Forge,
  world: LocalWorld,
  options: { readonly dataDir: string },
): Settings {
  return {
    appId: world.appId,
    privateKey: world.privateKey,
    webhookSecret: world.webhookSecret,
    webhookSecrets: [world.webhookSecret],
    githubApiUrl: `${forge.url}/api/v3`,
    oidcIssuer: `${forge.url}/_oidc`,
    publicUrl: null,
    store: { dataDir: options.dataDir },
    host: "127.0.0.1",
    port: 0,
    logLevel: "warn",
    // The local forge has no limit on writes that a person would notice.
    writeIntervalMs: 0,
    redisUrl: null,
    workers: 32,
  };
}
