import { type ChildProcess, fork } from "node:child_process";
import { once } from "node:events";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import type { LastingLocation } from "../src/adapters/postgres/open-store.ts";
import { startPostgres } from "../test/support/postgres/start-postgres.ts";
import { createBatonProcess } from "../test/support/scenario/baton-process.ts";
import type { Arm, Benchmark } from "./support/benchmark.ts";
import type { Settings } from "./support/label-to-dispatch/dispatching-probot.ts";
import { openSite, type Site } from "./support/label-to-dispatch/open-site.ts";

const PROBOT = fileURLToPath(new URL("support/label-to-dispatch/dispatching-probot.ts", import.meta.url));
const ISSUES = 10;

export const labelToDispatch: Benchmark = {
  name: "label-to-dispatch",
  about:
    "From a person's request that labels an issue to the end of the App's request that dispatches the workflow, one issue after the other, on the local forge, which answers some milliseconds after it was asked. Baton stores the webhook, checks who labelled and what the repository's policy says, stores the task, and dispatches from its outbox; beside it a Probot app that dispatches in its handler, and asks and keeps nothing.",
  rounds: 3,
  goals: [],
  open,
};

async function open() {
  const postgres = await startPostgres();
  const opened: { readonly site: Site; readonly stop: () => Promise<void> }[] = [];

  async function arm(name: string, start: (site: Site) => Promise<Started>): Promise<Arm> {
    const site = await openSite();
    const { url, stop } = await start(site);
    opened.push({ site, stop });
    site.sendWebhooksTo(url);
    return { name, measure: () => site.label(ISSUES) };
  }

  async function close(): Promise<void> {
    for (const { site, stop } of opened) {
      await stop();
      await site.close();
    }
    await postgres.stop();
  }

  try {
    const url = await postgres.createDatabase();
    const arms = [
      await arm("Baton on PostgreSQL", (site) => startBaton(site, { url })),
      await arm("Baton on the embedded database", (site) =>
        startBaton(site, { dataDir: join(site.dir, "data") }),
      ),
      await arm("Probot, dispatching in the handler", startProbot),
    ];
    return { comparisons: [{ name: "one after the other", arms }], close };
  } catch (error) {
    await close();
    throw error;
  }
}

type Started = { readonly url: string; readonly stop: () => Promise<void> };

async function startBaton({ url, world }: Site, store: LastingLocation): Promise<Started> {
  const { appId, privateKey, webhookSecret } = world;
  const baton = createBatonProcess(
    { app: { id: appId }, privateKey, webhookSecret, forge: { url } },
    { store, publicUrl: null, logLevel: "error" },
  );
  await baton.start();
  return { url: baton.url() ?? "", stop: baton.stop };
}

async function startProbot({ url, world }: Site): Promise<Started> {
  const { appId, privateKey, webhookSecret: secret } = world;
  const settings: Settings = { appId, privateKey, secret, githubApiUrl: `${url}/api/v3` };
  const probot: ChildProcess = fork(PROBOT);
  const exited = once(probot, "exit");
  probot.send(settings);
  const [told] = (await Promise.race([once(probot, "message"), exited])) as [{ readonly url?: string }];
  if (!told.url) throw new Error("The Probot app ended while it was being started.");
  return {
    url: told.url,
    async stop() {
      probot.disconnect();
      await exited;
    },
  };
}
