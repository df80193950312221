import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { sha256Hex } from "../../src/adapters/postgres/chain-entries.ts";
import { connectPostgres } from "../../src/adapters/postgres/connect-postgres.ts";
import type { StoreLocation } from "../../src/adapters/postgres/open-store.ts";
import { openStore } from "../../src/adapters/postgres/open-store.ts";
import type { DeliveryId, EffectId, TaskId } from "../../src/base/ids.ts";
import { verifyChain } from "../../src/core/audit/verify-chain.ts";
import type { Task } from "../../src/core/task/state.ts";
import { StoreUnavailable } from "../../src/ports/store-unavailable.ts";
import type { Store } from "../../src/ports/task-store.ts";
import type { TestPostgres } from "../support/postgres/start-postgres.ts";
import { findPostgresPrograms, startPostgres } from "../support/postgres/start-postgres.ts";
import { waitFor } from "../support/wait-for.ts";
import { describeMigrationContract } from "./migration.contract.ts";
import {
  nextCommit,
  openingCommit,
  SAMPLE_REPOSITORY,
  SAMPLE_TENANT,
  SAMPLE_TIME,
  sampleDelivery,
  sampleTask,
} from "./sample-task.ts";
import { testSigkill } from "./sigkill.contract.ts";
import type { StoreUnderTest } from "./store-fixture.ts";
import { describeStoreContract } from "./store.contract.ts";

const silent = { info: () => undefined, warn: () => undefined, error: () => undefined };
const installed = (await findPostgresPrograms()) !== null;

function urlOf(location: StoreLocation): string {
  if (!("url" in location)) throw new Error("This location is no server.");
  return location.url;
}

describe.skipIf(!installed)("PostgreSQL", () => {
  let server: TestPostgres;

  beforeAll(async () => {
    server = await startPostgres();
  });

  afterAll(async () => {
    await server.stop();
  });

  const under: StoreUnderTest = {
    freshLocation: async () => ({ url: await server.createDatabase() }),
    scratchLocation: async () => ({ url: await server.createDatabase() }),
    openDatabase: async (location) => connectPostgres(urlOf(location), silent),
  };

  describeStoreContract("the store in PostgreSQL", under);
  describeMigrationContract("migrations of PostgreSQL", under);
  testSigkill(() => under.freshLocation());

  test("what is copied from a server is not kept, however much it is", async () => {
    const database = connectPostgres(await server.createDatabase(), silent);
    const before = process.memoryUsage().arrayBuffers;
    let most = 0;
    let bytes = 0;
    await database.copy("SELECT repeat('x', 100000) FROM generate_series(1, 5000)", (row) => {
      bytes += row.text().length;
      most = Math.max(most, process.memoryUsage().arrayBuffers - before);
    });
    await database.close();
    expect(bytes).toBe(500_000_000);
    // Much of it is what has not been collected yet.
    expect(most).toBeLessThan(150_000_000);
  });

  test("a copy that an operator ends says that the store is away, as any statement does", async () => {
    const database = connectPostgres(await server.createDatabase(), silent);
    const ended = database.copy("SELECT pg_cancel_backend(pg_backend_pid()), pg_sleep(60)", () => undefined);
    await expect(ended).rejects.toBeInstanceOf(StoreUnavailable);
    await database.close();
  });

  describe("several processes on one database", () => {
    test("a process hears of what another one has left to do", async () => {
      const location = await under.freshLocation();
      const [here, there] = await Promise.all([openStore(location), openStore(location)]);
      const heard = new Promise<void>((resolve) => {
        there.onWork(resolve);
      });
      await here.tasks.commit(openingCommit(sampleTask(1), [{ kind: "mirror" }]), { kind: "none" });
      await heard;
      let woken = 0;
      there.onWork(() => woken++);
      // Deliveries are of no concern to others. What is heard comes in the order in which it was said.
      await here.inbox.store(sampleDelivery("from-here"));
      await here.tasks.commit(openingCommit(sampleTask(2), [{ kind: "mirror" }]), { kind: "none" });
      await waitFor(() => expect(woken).toBe(1));
      await Promise.all([here.close(), there.close()]);
    });

    test("of two that work on the same tasks, one commits each version and the other decides again", async () => {
      const location = await under.freshLocation();
      const stores = await Promise.all([openStore(location), openStore(location)]);
      const tasks = Array.from({ length: 20 }, (_, index) => sampleTask(index + 1));
      const outcomes = await Promise.all(
        stores.flatMap((store) =>
          tasks.map((task) => store.tasks.commit(openingCommit(task), { kind: "none" })),
        ),
      );
      expect(outcomes.filter((outcome) => outcome === "committed")).toHaveLength(20);
      expect(outcomes.filter((outcome) => outcome === "conflict")).toHaveLength(20);
      await Promise.all(stores.map((store) => countUp(store, tasks, 5)));
      for (const task of tasks) {
        const history = (await stores[0]?.tasks.history(task.id)) ?? [];
        expect(history).toHaveLength(11);
        expect(verifyChain(history, sha256Hex).ok).toBe(true);
      }
      await Promise.all(stores.map((store) => store.close()));
    });

    test("a task that another has changed is loaded as it is now", async () => {
      const location = await under.freshLocation();
      const [here, there] = [await openStore(location), await openStore(location)];
      const task = sampleTask(1);
      await here.tasks.commit(openingCommit(task), { kind: "none" });
      expect(await here.tasks.load(task.id)).toEqual({ task, version: 1 });
      const commit = nextCommit(task, 1);
      await there.tasks.commit(commit, { kind: "none" });
      const now = { task: commit.after, version: 2 };
      expect(await here.tasks.findByIssue(SAMPLE_REPOSITORY.id, task.issue.number)).toEqual(now);
      expect(await here.tasks.load(task.id)).toEqual(now);
      await Promise.all([here.close(), there.close()]);
    });

    test("a delivery that two work on at once changes the task once", async () => {
      const location = await under.freshLocation();
      const stores = await Promise.all([openStore(location), openStore(location)]);
      const [store] = stores;
      const task = sampleTask(1);
      await store?.tasks.commit(openingCommit(task), { kind: "none" });
      await store?.inbox.store(sampleDelivery("for-both"));
      const settled = { kind: "delivery", id: "for-both" as DeliveryId, outcome: "held" } as const;
      const outcomes = await Promise.all(
        stores.map((each) => each.tasks.commit(nextCommit(task, 1), settled)),
      );
      expect(outcomes.sort()).toEqual(["already-settled", "committed"]);
      expect(await store?.tasks.history(task.id)).toHaveLength(2);
      await Promise.all(stores.map((each) => each.close()));
    });

    test("an effect that two have run changes the task once", async () => {
      const location = await under.freshLocation();
      const [here, there] = [await openStore(location), await openStore(location)];
      const task = sampleTask(1);
      await here.tasks.commit(openingCommit(task, [{ kind: "mirror" }]), { kind: "none" });
      const [effect] = (await here.outbox.claim(task.id, new Date(SAMPLE_TIME))) ?? [];
      if (!effect) throw new Error("The task's effect is not due.");
      const settled = { kind: "effect", id: effect.id, outcome: "done" } as const;
      const outcomes = await Promise.all([
        here.tasks.commit(nextCommit(task, 1), settled),
        there.tasks.commit(nextCommit(task, 1), settled),
      ]);
      expect(outcomes.sort()).toEqual(["already-settled", "committed"]);
      expect(await there.tasks.commit(nextCommit(task, 2), settled)).toBe("already-settled");
      expect(await here.tasks.history(task.id)).toHaveLength(2);
      await Promise.all([here.close(), there.close()]);
    });
  });

  describe("what another process changes while it is settled", () => {
    const settlements: readonly [
      string,
      (store: Store, task: Task, effect: EffectId, delivery: DeliveryId) => Promise<unknown>,
    ][] = [
      [
        "a commit's delivery",
        (store, task, _effect, id) =>
          store.tasks.commit(nextCommit(task, 1), { kind: "delivery", id, outcome: "second" }),
      ],
      [
        "a commit's effect",
        (store, task, id) =>
          store.tasks.commit(nextCommit(task, 1), { kind: "effect", id, outcome: "second" }),
      ],
      ["a delivery by itself", (store, _task, _effect, id) => store.inbox.settle(id, "second")],
      ["an effect by itself", (store, _task, id) => store.outbox.settle(id, "second")],
    ];

    /** What came of settling that waited for `change`, and all outcomes then. */
    async function settleDuring(change: string, settle: (typeof settlements)[number][1]) {
      const location = await under.freshLocation();
      const store = await openStore(location);
      const other = connectPostgres(urlOf(location), silent);
      const task = sampleTask(1);
      const delivery = sampleDelivery("changed");
      await store.inbox.store(delivery);
      await store.tasks.commit(openingCommit(task, [{ kind: "mirror" }]), { kind: "none" });
      const [effect] = (await store.outbox.claim(task.id, new Date(SAMPLE_TIME))) ?? [];
      if (!effect) throw new Error("The task's effect is not due.");
      const { settling } = await other.transaction(async (session) => {
        await session.run(change);
        const settling = settle(store, task, effect.id, delivery.id);
        await waitFor(async () => {
          const text = "SELECT FROM pg_locks WHERE NOT granted";
          expect(await session.query({ name: "waiting", text })).toHaveLength(1);
        });
        return { settling };
      });
      const verdict = await settling;
      const text = "SELECT outcome FROM delivery UNION ALL SELECT outcome FROM effect";
      const rows = await other.query<{ outcome: string | null }>({ name: "outcomes", text });
      const version = (await store.tasks.load(task.id))?.version;
      await Promise.all([store.close(), other.close()]);
      return { verdict, version, outcomes: rows.map(({ outcome }) => outcome) };
    }

    test.each(settlements)("%s is settled, for it waits all the same", async (what, settle) => {
      const touched = "UPDATE delivery SET received_at = received_at; UPDATE effect SET failures = 1";
      const { verdict, version, outcomes } = await settleDuring(touched, settle);
      expect(outcomes.sort()).toEqual([null, "second"]);
      const isCommit = what.startsWith("a commit");
      expect([verdict, version]).toEqual(isCommit ? ["committed", 2] : [undefined, 1]);
    });

    test.each(settlements)("%s keeps the outcome that it has by then", async (what, settle) => {
      const settled =
        "UPDATE delivery SET outcome = 'first', settled_at = now(); UPDATE effect SET outcome = 'first', done_at = now()";
      const { verdict, version, outcomes } = await settleDuring(settled, settle);
      expect(outcomes).toEqual(["first", "first"]);
      expect([verdict, version]).toEqual([what.startsWith("a commit") ? "already-settled" : undefined, 1]);
    });
  });

  test("no statement scans a whole table, also when it was planned while the table was empty", async () => {
    const location = await under.freshLocation();
    await (await openStore(location)).close();
    const before = await countScans(urlOf(location));
    const store = await openStore(location);
    const tasks = Array.from({ length: 40 }, (_, index) => sampleTask(index + 1));
    for (const task of tasks) await useEverything(store, task);
    await store.close();
    expect(await countScans(urlOf(location))).toEqual(before);
  });

  test("what a task's statements read does not grow with what is stored", async () => {
    const location = await under.freshLocation();
    await (await openStore(location)).close();
    const database = connectPostgres(urlOf(location), silent);
    await database.run(OTHER_TASKS);
    await database.close();
    const before = await countRowsRead(urlOf(location));
    const store = await openStore(location);
    await useEverything(store, sampleTask(1));
    await store.close();
    expect((await countRowsRead(urlOf(location))) - before).toBeLessThan(40);
  });

  test("nor does it when the statements were planned for the few rows that had been counted", async () => {
    const location = await under.freshLocation();
    const store = await openStore(location);
    const database = connectPostgres(urlOf(location), silent);
    await database.run("ANALYZE");
    await useEverything(store, sampleTask(1));
    await database.run(OTHER_TASKS);
    await database.run(OTHERS_WAIT);
    await database.close();
    await forgetRowsRead(urlOf(location));
    await useEverything(store, sampleTask(2));
    await store.close();
    // With what the first task's statements read, which is told as late.
    expect(await countRowsRead(urlOf(location))).toBeLessThan(100);
  });

  describe("a server that goes away", () => {
    test("SIGKILL of the server loses nothing acknowledged, and the same store works on when it is back", async () => {
      const ownServer = await startPostgres();
      const store = await openStore({ url: await ownServer.createDatabase() });
      try {
        const tasks = Array.from({ length: 50 }, (_, index) => sampleTask(index + 1));
        const acknowledged: TaskId[] = [];
        const work = Promise.allSettled(
          tasks.map(async (task) => {
            await store.tasks.commit(openingCommit(task), { kind: "none" });
            acknowledged.push(task.id);
            for (let version = 1; ; version++) {
              await store.tasks.commit(nextCommit(task, version), { kind: "none" });
            }
          }),
        );
        await waitFor(() => expect(acknowledged.length).toBeGreaterThan(10));
        const kept = [...acknowledged];
        await ownServer.crashAndRestart();
        const results = await work;
        expect(results.every(({ status }) => status === "rejected")).toBe(true);
        let woken = 0;
        store.onWork(() => woken++);
        for (const task of kept) expect(await store.tasks.load(task)).not.toBeNull();
        // The connection that hears of work comes back by itself.
        await waitFor(() => expect(woken).toBeGreaterThan(0));
      } finally {
        await store.close();
        await ownServer.stop();
      }
    });
  });
});

/** Adds `count` entries to each task, deciding again when another store was first. */
async function countUp(store: Store, tasks: readonly Task[], count: number): Promise<void> {
  await Promise.all(
    tasks.map(async (task) => {
      for (let done = 0; done < count;) {
        const loaded = await store.tasks.load(task.id);
        const outcome = await store.tasks.commit(nextCommit(task, loaded?.version ?? 0), { kind: "none" });
        if (outcome === "committed") done += 1;
      }
    }),
  );
}

/** Reads and writes all that a task's statements touch. */
async function useEverything(store: Store, task: Task): Promise<void> {
  const id = `delivery-${task.id}` as DeliveryId;
  await store.inbox.store(sampleDelivery(id));
  await store.inbox.pending(1);
  const opening = openingCommit(task, [{ kind: "mirror" }]);
  await store.tasks.commit(opening, { kind: "delivery", id, outcome: "opened" });
  await store.outbox.turns(new Date(SAMPLE_TIME), []);
  const [effect] = (await store.outbox.claim(task.id, new Date(SAMPLE_TIME))) ?? [];
  if (!effect) throw new Error("The task's effect is not due.");
  await store.outbox.postpone(effect.id, {
    until: new Date(SAMPLE_TIME),
    why: "not now",
    isFailure: true,
  });
  await store.outbox.release(task.id);
  await store.outbox.nextDueAfter(new Date(SAMPLE_TIME));
  await store.tasks.commit(nextCommit(task, 1), { kind: "effect", id: effect.id, outcome: "done" });
  const held = `held-${task.id}` as DeliveryId;
  await store.inbox.store(sampleDelivery(held));
  await store.tasks.commit(nextCommit(task, 2), { kind: "delivery", id: held, outcome: "held" });
  const ignored = `ignored-${task.id}` as DeliveryId;
  await store.inbox.store(sampleDelivery(ignored));
  await store.inbox.settle(ignored, "It concerns no task.");
  const wake = { kind: "wake", notBefore: SAMPLE_TIME } as const;
  await store.tasks.commit(nextCommit(task, 3, { effects: [wake] }), { kind: "none" });
  const [timer] = (await store.outbox.claim(task.id, new Date(SAMPLE_TIME))) ?? [];
  if (!timer) throw new Error("The task's timer is not due.");
  await store.outbox.settle(timer.id, "Woken.");
  await store.outbox.release(task.id);
  const { id: repositoryId } = task.repository;
  await store.tasks.findByIssue(repositoryId, task.issue.number);
  await store.tasks.findByBranch(repositoryId, task.branch);
  await store.tasks.findByPull(repositoryId, task.issue.number);
  await store.tasks.findByRun(repositoryId, task.issue.number);
  await store.tasks.listOpenInRepository(repositoryId);
  await store.tasks.listOpenOfTenant(task.tenant);
  await store.tasks.history(task.id);
  await store.tasks.load(task.id);
  const showing = await store.mirror.begin(task.id, { label: "pending" }, { always: false });
  if (!showing) throw new Error("The task's label was never shown.");
  await store.mirror.end(task.id, showing, { label: "pending" });
  await store.mirror.begin(task.id, { label: "pending" }, { always: false });
  await store.mirror.forget(task.id);
}

/** 5,000 closed tasks in the sample repository and 5,000 open ones elsewhere, all that concerned them settled. */
const OTHER_TASKS = `
  INSERT INTO tenant VALUES (${SAMPLE_TENANT}), (2) ON CONFLICT DO NOTHING;
  INSERT INTO repository VALUES (${SAMPLE_REPOSITORY.id}, ${SAMPLE_TENANT}, 'octo', 'hello', 'main'),
    (2, 2, 'octo', 'other', 'main') ON CONFLICT DO NOTHING;
  INSERT INTO task
  SELECT 'other-' || n, CASE WHEN n > 5000 THEN 2 ELSE ${SAMPLE_TENANT} END,
    CASE WHEN n > 5000 THEN 2 ELSE ${SAMPLE_REPOSITORY.id} END, n + 5000, 1, 1, sha256(''),
    CASE WHEN n > 5000 THEN 'open' ELSE 'closed' END, 'baton/' || n, n + 5000, now(), now()
  FROM generate_series(1, 10000) AS n;
  INSERT INTO entry SELECT id, 1, tenant_id, '{}', head_hash FROM task WHERE id LIKE 'other-%';
  INSERT INTO projection SELECT id, 1, '{}' FROM task WHERE id LIKE 'other-%';
  INSERT INTO run SELECT repository_id, pull_number, id FROM task WHERE id LIKE 'other-%';
  INSERT INTO delivery (id, event, body, received_at, outcome, settled_at)
  SELECT id, 'issues', '{}', now(), 'done', now() FROM task WHERE id LIKE 'other-%';
  INSERT INTO effect (task_id, version, ordinal, tenant_id, kind, payload, due_at, outcome, done_at)
  SELECT id, 1, 0, tenant_id, 'mirror', '{"kind":"mirror"}', '2026-01-01', 'done', now() FROM task WHERE id LIKE 'other-%'`;

/** What concerns them is yet to be worked on. */
const OTHERS_WAIT = `
  UPDATE delivery SET outcome = NULL, settled_at = NULL WHERE id LIKE 'other-%';
  UPDATE effect SET outcome = NULL, done_at = NULL, due_at = '2100-01-01' WHERE task_id LIKE 'other-%'`;

/** How often each table was read from end to end. */
async function countScans(url: string): Promise<readonly unknown[]> {
  return readStatistics(
    url,
    `SELECT relname, seq_scan FROM pg_stat_user_tables
    WHERE relname IN ('task', 'entry', 'run', 'projection', 'effect', 'delivery', 'mirror') ORDER BY relname`,
  );
}

/** Entries of indexes and rows of tables that were looked at, but for what opening the store reads of its schema. */
async function countRowsRead(url: string): Promise<number> {
  const [read] = await readStatistics<{ rows: number }>(
    url,
    `SELECT (SELECT sum(seq_tup_read) FROM pg_stat_user_tables)::bigint
      + (SELECT sum(idx_tup_read) FROM pg_stat_user_indexes WHERE relname <> 'schema_migration')::bigint AS rows`,
  );
  return read?.rows ?? 0;
}

/** Once what stored and changed the other tasks has been told. */
async function forgetRowsRead(url: string): Promise<void> {
  const database = connectPostgres(url, silent);
  const text = "SELECT n_tup_upd AS rows FROM pg_stat_user_tables WHERE relname = 'effect'";
  await waitFor(async () => {
    const [stored] = await database.query<{ rows: number }>({ name: "effects_changed", text });
    expect(stored?.rows).toBeGreaterThanOrEqual(10_000);
  });
  await database.run("SELECT pg_stat_reset()");
  await database.close();
}

/** Connections report what they did when they end, which closing a store does not await. */
async function readStatistics<Row>(url: string, text: string): Promise<readonly Row[]> {
  const database = connectPostgres(url, silent);
  const others = `SELECT pid FROM pg_stat_activity
    WHERE datname = current_database() AND backend_type = 'client backend' AND pid <> pg_backend_pid()`;
  await waitFor(async () => expect(await database.query({ name: "list_others", text: others })).toEqual([]));
  const rows = await database.query<Row>({ name: "read_statistics", text });
  await database.close();
  return rows;
}
