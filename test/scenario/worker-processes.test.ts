import type { ChildProcess } from "node:child_process";
import { fork } from "node:child_process";
import { once } from "node:events";
import { fileURLToPath } from "node:url";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import type { RunningBaton } from "../../src/main/start-baton.ts";
import { startBaton } from "../../src/main/start-baton.ts";
import type { TestPostgres } from "../support/postgres/start-postgres.ts";
import { findPostgresPrograms, startPostgres } from "../support/postgres/start-postgres.ts";
import type { TestRedis } from "../support/redis/start-redis.ts";
import { findRedisServer, startRedis } from "../support/redis/start-redis.ts";
import type { ScenarioForge } from "../support/scenario/scenario-forge.ts";
import { openScenarioForge } from "../support/scenario/scenario-forge.ts";
import { openScene } from "../support/scenario/scene.ts";

const WORKER = fileURLToPath(new URL("../../src/main/worker.ts", import.meta.url));
const areInstalled = (await findPostgresPrograms()) !== null && findRedisServer() !== null;

describe.skipIf(!areInstalled)("with Redis", () => {
  let postgres: TestPostgres;
  let redis: TestRedis;
  let site: ScenarioForge;
  let baton: RunningBaton;
  let environment: Record<string, string>;
  const workers: ChildProcess[] = [];

  beforeAll(async () => {
    [postgres, redis, site] = await Promise.all([startPostgres(), startRedis(), openScenarioForge()]);
    const databaseUrl = await postgres.createDatabase();
    baton = await startBaton({
      appId: site.app.id,
      privateKey: site.privateKey,
      webhookSecret: site.webhookSecret,
      webhookSecrets: [site.webhookSecret],
      githubApiUrl: `${site.forge.url}/api/v3`,
      oidcIssuer: `${site.forge.url}/_oidc`,
      publicUrl: null,
      store: { url: databaseUrl },
      redisUrl: redis.url,
      workers: 0,
      host: "127.0.0.1",
      port: 0,
      logLevel: "error",
      writeIntervalMs: 0,
    });
    site.sendWebhooksTo(baton.url);
    environment = {
      PATH: process.env["PATH"] ?? "",
      APP_ID: String(site.app.id),
      PRIVATE_KEY: site.privateKey,
      WEBHOOK_SECRET: site.webhookSecret,
      GITHUB_API_URL: `${site.forge.url}/api/v3`,
      ACTIONS_OIDC_ISSUER: `${site.forge.url}/_oidc`,
      BATON_URL: baton.url,
      DATABASE_URL: databaseUrl,
      REDIS_URL: redis.url,
      LOG_LEVEL: "error",
      GITHUB_WRITE_INTERVAL_MS: "0",
    };
  });

  afterAll(async () => {
    for (const worker of workers) worker.kill("SIGKILL");
    await baton.stop();
    await site.close();
    await Promise.all([postgres.stop(), redis.stop()]);
  });

  async function startWorker(): Promise<ChildProcess> {
    const worker = fork(WORKER, { env: environment, stdio: ["ignore", "ignore", "inherit", "ipc"] });
    workers.push(worker);
    await once(worker, "message");
    return worker;
  }

  test("workers in processes of their own do all that a task needs done on GitHub, and end in order", async () => {
    const [one] = await Promise.all([startWorker(), startWorker()]);
    const changes = (listener: () => void) => site.forge.hub.events.onCommitted(listener);
    const scene = await openScene(
      site,
      { store: () => baton.store, changes },
      { policy: { tiers: { default: "low" } } },
    );
    await scene.label("maya");
    await scene.until("testing");
    // Whatever it is in the middle of, the other goes on with the task.
    const ended = once(one, "exit");
    one.kill("SIGTERM");
    expect(await ended).toEqual([0, null]);
    await scene.until("completed");
    await scene.untilQuiet();
    expect(scene.labels()).toEqual(["baton:completed"]);
    expect(scene.statusComments()).toEqual([expect.stringContaining("### Baton: done")]);
    // The server itself only looks up who may do what, and what the policy is.
    const kinds = [...(await baton.requests()).keys()];
    expect(kinds.filter((kind) => /^(PUT|PATCH|DELETE)/.test(kind))).toEqual([]);
  });
});
