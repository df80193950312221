/**
 * Baton from the webhook to the committed transition, put together as `startBaton` does: webhooks are taken in by one
 * thread, and worked on by another.
 */
import { openStore } from "../../../src/adapters/postgres/open-store.ts";
import { startWorkThread } from "../../../src/main/work/start-work-thread.ts";
import type { Start } from "./contract.ts";
import { askForTasks } from "./prepared-tasks.ts";
import { serve } from "./serve.ts";
import { startIngress } from "./start-ingress.ts";

serve(async (start) => {
  const store = await openStore({ url: start.databaseUrl ?? "" });
  const work = await startWorkThread<Start>(new URL("./baton-work.ts", import.meta.url), start);
  const { port } = await startIngress(start, store, (delivery) => work.take(delivery));
  return { port, prepare: askForTasks };
});
