import { randomUUID } from "node:crypto";
import { Client } from "pg";
import { Probot } from "probot";
import { afterAll, beforeAll, describe, expect, onTestFinished, test } from "vitest";
import { createInProcessTransport } from "../../../src/adapters/in-process/in-process-transport.ts";
import { openStore } from "../../../src/adapters/postgres/open-store.ts";
import type { DeliveryId } from "../../../src/base/ids.ts";
import type { Settled, Store } from "../../../src/ports/task-store.ts";
import { createWebhookWorker } from "../../../src/surfaces/webhook/create-webhook-worker.ts";
import { nextCommit, openingCommit, sampleTask } from "../../contract/sample-task.ts";
import {
  findPostgresPrograms,
  startPostgres,
  type TestPostgres,
} from "../../support/postgres/start-postgres.ts";
import { waitFor } from "../../support/wait-for.ts";
import { manualClock } from "../github/manual-clock.ts";
import { silentLog } from "../github/silent-log.ts";
import { LeapingClock } from "../relay/leaping-clock.ts";
import { DONE, TurnsFixture } from "../relay/turns-fixture.ts";

const OWN = { app: { id: 1, slug: "baton", login: "baton[bot]" }, workflow: ".github/workflows/baton.yml" };

/** More than a delivery or an effect has before it is given up. */
const MANY_TRIES = 20;

/** What a server says when its disk is full, of the record alone: what else is stored has room. */
const FILL_DISK = `
  CREATE FUNCTION fill_disk() RETURNS trigger LANGUAGE plpgsql AS
    $$ BEGIN RAISE EXCEPTION 'no space left on device' USING ERRCODE = 'disk_full'; END $$;
  CREATE TRIGGER full_disk BEFORE INSERT ON entry EXECUTE FUNCTION fill_disk()`;
const MAKE_ROOM = "DROP TRIGGER full_disk ON entry";

describe.skipIf((await findPostgresPrograms()) === null)("a store that is away", () => {
  const turns = new TurnsFixture({
    start(take) {
      const transport = createInProcessTransport(take);
      return { transport, stop: () => transport.stop() };
    },
  });
  let postgres: TestPostgres;

  beforeAll(async () => {
    postgres = await startPostgres();
  });

  afterAll(async () => {
    await postgres.stop();
  });

  type Outage = (url: string, meanwhile: () => Promise<void>) => Promise<void>;

  const outages: readonly [string, Outage][] = [
    ["killed", (_url, meanwhile) => postgres.crashAndRestart(meanwhile)],
    [
      "without room",
      async (url, meanwhile) => {
        await execute(url, FILL_DISK);
        await meanwhile();
        await execute(url, MAKE_ROOM);
      },
    ],
  ];

  test.each(outages)(
    "%s: no delivery is given up for it, however often it is tried",
    async (_how, outage) => {
      const url = await postgres.createDatabase();
      const store = await openStore({ url });
      const record = await openRecord(store);
      let isOver = false;
      let hiccups = 0;
      const { deliver, keepTrying } = openWorker(store, async (id) => {
        if (isOver && ++hiccups === 1) throw new Error("A hiccup.");
        await record.append({ kind: "delivery", id, outcome: "done" });
      });
      // All that was stored before the start is read by then.
      const tellFirst = await deliver();
      tellFirst();
      await keepTrying(() => expectSettled(store));
      const tell = await deliver();
      await outage(url, () => {
        tell();
        return keepTrying(() => expect(record.failed()).toBeGreaterThan(MANY_TRIES));
      });
      // What fails for a reason of its own then has failed once.
      isOver = true;
      await keepTrying(() => expectSettled(store));
      expect(await outcomesIn(url)).toEqual(["done", "done"]);
    },
  );

  test.each(outages)("%s: no effect is given up for it, nor counted as failed", async (how, outage) => {
    const url = await postgres.createDatabase();
    const store = await turns.openStore({ url });
    const record = await openRecord(store, [{ kind: "merge", sha: "a" }]);
    const { promise: isAway, resolve: goAway } = Promise.withResolvers<void>();
    const failures: number[] = [];
    const told: string[] = [];
    turns.play(store, {
      clock: new LeapingClock("2026-03-01T12:00:00.000Z"),
      run: async (effect) => {
        failures.push(effect.failures);
        await isAway;
        await record.append({ kind: "effect", id: effect.id, outcome: "done" });
        return DONE;
      },
      abandon: async (_effect, why) => void told.push(why),
    });
    await waitFor(() => expect(failures).toHaveLength(1));
    await outage(url, async () => {
      goAway();
      // While nothing can be stored at all, not even that it is to be tried later, it is not.
      const enough = how === "killed" ? 0 : MANY_TRIES;
      await waitFor(() => expect(record.failed()).toBeGreaterThan(enough));
    });
    await waitFor(async () => expect(await store.outbox.turns(new Date(), [])).toEqual([]));
    expect(new Set(failures)).toEqual(new Set([0]));
    expect(told).toEqual([]);
    expect(await store.tasks.history(record.task.id)).toHaveLength(2);
  });
});

/** A task to whose record events are added, and how often that failed. */
async function openRecord(store: Store, effects: Parameters<typeof openingCommit>[1] = []) {
  const task = sampleTask(1);
  await store.tasks.commit(openingCommit(task, effects), { kind: "none" });
  let failed = 0;
  return {
    task,
    failed: () => failed,
    async append(settled: Settled): Promise<void> {
      try {
        const loaded = await store.tasks.load(task.id);
        await store.tasks.commit(nextCommit(task, loaded?.version ?? 0), settled);
      } catch (error) {
        failed += 1;
        throw error;
      }
    },
  };
}

function openWorker(store: Store, handle: (id: DeliveryId) => Promise<void>) {
  const clock = manualClock();
  const worker = createWebhookWorker({
    probot: new Probot({ githubToken: "x", log: silentLog }),
    inbox: store.inbox,
    handle: (_intent, id) => handle(id),
    own: OWN,
    clock,
    log: silentLog,
  });
  const stop = new AbortController();
  const running = worker.run(stop.signal);
  onTestFinished(async () => {
    stop.abort();
    await running;
    await store.close();
  });
  return {
    /** Stores a delivery; the answer tells the worker of it. */
    deliver: async (): Promise<() => void> => {
      const delivery = {
        id: randomUUID() as DeliveryId,
        event: "star",
        body: Buffer.from('{"action":"created"}'),
        receivedAt: "2026-03-01T12:00:00.000Z",
      };
      await store.inbox.store(delivery);
      return () => worker.take(delivery);
    },
    /** Lets time pass until this holds: every pause is over at each look. */
    keepTrying: (look: () => void | Promise<void>) =>
      waitFor(() => {
        clock.advance(5 * 60_000);
        return look();
      }),
  };
}

async function expectSettled(store: Store): Promise<void> {
  expect(await store.inbox.pending(1)).toEqual([]);
}

async function outcomesIn(url: string): Promise<readonly string[]> {
  return (await execute(url, "SELECT outcome FROM delivery ORDER BY sequence")).map(({ outcome }) => outcome);
}

async function execute(url: string, statement: string): Promise<readonly { readonly outcome: string }[]> {
  const database = new Client({ connectionString: url });
  await database.connect();
  const { rows } = await database.query<{ outcome: string }>(statement);
  await database.end();
  return rows;
}
