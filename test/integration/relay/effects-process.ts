import { appendFileSync } from "node:fs";
import { setTimeout as delay } from "node:timers/promises";
import { createBullmqTransport } from "../../../src/adapters/bullmq/bullmq-transport.ts";
import { startBullmqWorkers } from "../../../src/adapters/bullmq/bullmq-workers.ts";
import { createInProcessTransport } from "../../../src/adapters/in-process/in-process-transport.ts";
import { openStore } from "../../../src/adapters/postgres/open-store.ts";
import { systemClock } from "../../../src/adapters/system/system-clock.ts";
import { startRelay } from "../../../src/app/turn/relay.ts";
import { createTurnTaker } from "../../../src/app/turn/run-turn.ts";
import type { EffectsProcess } from "./effects-processes.ts";

// A program of its own for tests that kill it: runs effects that only write down that they ran.

const { databaseUrl, redisUrl, role, notes, name } = JSON.parse(process.argv[2] ?? "") as EffectsProcess;
const log = { info: () => undefined, warn: () => undefined, error: () => undefined };

const store = await openStore({ url: databaseUrl });
const { outbox } = store;
const take = createTurnTaker({
  outbox,
  clock: systemClock,
  log,
  signal: new AbortController().signal,
  abandon: async () => undefined,
  async run({ id, task }) {
    note("start", task, id);
    await delay(Math.random() * 8);
    note("end", task, id);
    return { kind: "done", outcome: name };
  },
});
const transport = redisUrl === null ? createInProcessTransport(take) : createBullmqTransport(redisUrl, log);
if (redisUrl !== null) startBullmqWorkers({ url: redisUrl, take, atOnce: 8, log, stalledAfterMs: 1_000 });
if (role === "server") {
  const limits = { inAll: redisUrl === null ? 8 : 200, perTenant: 4 };
  const relay = startRelay({ outbox, transport, clock: systemClock, log, limits });
  store.onWork(() => relay.wake());
}
process.send?.("ready");

/** One write of few bytes, so that the lines of all processes stand in the order in which they were written. */
function note(what: "start" | "end", task: string, effect: string): void {
  appendFileSync(notes, `${what} ${task} ${effect} ${name}\n`);
}
