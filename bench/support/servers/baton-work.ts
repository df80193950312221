/**
 * The thread that works on what Baton's ingress has stored, but for a GitHub that answers at once and a relay that is
 * off: what follows outside stays in the outbox.
 */
import { parentPort, workerData } from "node:worker_threads";
import { createRequestCounter } from "../../../src/adapters/github/client/request-counter.ts";
import { openStore } from "../../../src/adapters/postgres/open-store.ts";
import { systemClock } from "../../../src/adapters/system/system-clock.ts";
import { systemRandomness } from "../../../src/adapters/system/system-randomness.ts";
import { changeTask } from "../../../src/app/change-task.ts";
import type { AppContext } from "../../../src/app/context.ts";
import { handleIntent } from "../../../src/app/handle-intent.ts";
import { taskId } from "../../../src/base/ids.ts";
import { serveWork } from "../../../src/main/work/serve-work.ts";
import type { WorkThreadData } from "../../../src/main/work/work-messages.ts";
import type { Work } from "../../../src/main/work/work.ts";
import { createWebhookWorker } from "../../../src/surfaces/webhook/create-webhook-worker.ts";
import { wayTo } from "../../../test/support/app/way-of-a-task.ts";
import { startCommand } from "../../../test/support/task/candidate-commands.ts";
import { instantGitHub } from "./instant-github.ts";
import type { Start } from "./contract.ts";
import { prepareTasks } from "./prepared-tasks.ts";
import { openProbot } from "./start-ingress.ts";

if (!parentPort) throw new Error("This program is a thread of a measured server.");
const { databaseUrl, privateKey, taken } = workerData as WorkThreadData<Start>;
const store = await openStore({ url: databaseUrl ?? "" });
const probot = await openProbot(privateKey);
const identity = { id: 1, slug: "baton", login: "baton[bot]" };
const github = instantGitHub();
const context: AppContext = {
  store,
  github: async () => github,
  runs: { verify: async () => ({ ok: false, error: "Nobody leases anything in this benchmark." }) },
  clock: systemClock,
  randomness: systemRandomness,
  log: probot.log,
  identity,
  serverUrl: "http://127.0.0.1",
};
const worker = createWebhookWorker({
  probot,
  inbox: store.inbox,
  handle: (intent, delivery) => handleIntent(context, intent, delivery),
  own: { app: identity, workflow: ".github/workflows/baton.yml" },
  clock: systemClock,
  log: probot.log,
});
const stopping = new AbortController();
const working = worker.run(stopping.signal);
prepareTasks((repositoryId, issues) => openTasks(context, repositoryId, issues));
const work: Work = {
  take: (delivery) => worker.take(delivery),
  look: () => worker.look(),
  async stop() {
    stopping.abort();
    await working;
  },
};
await serveWork(parentPort, { work, counter: createRequestCounter(), taken });
await work.stop();
await store.close();

/** As most open tasks are: a high one that waits for a person to read its plan. */
async function openTasks(context: AppContext, repositoryId: number, issues: number): Promise<void> {
  const command = startCommand();
  await Promise.all(
    Array.from({ length: issues }, (_, index) => {
      const number = index + 1;
      const task = taskId(repositoryId, number, 1);
      return changeTask(context, {
        task,
        actor: "maya",
        cause: "benchmark",
        commands: [
          {
            ...command,
            task,
            repository: { ...command.repository, id: repositoryId },
            issue: { ...command.issue, number, labels: ["security"] },
            branch: `baton/${number}-add-a-sum`,
          },
          ...wayTo(task, "test"),
        ],
        settled: { kind: "none" },
      });
    }),
  );
}
