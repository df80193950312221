import { mkdtemp, readFile, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, afterEach, beforeAll, describe, expect, test } from "vitest";
import { connectPostgres } from "../../../src/adapters/postgres/connect-postgres.ts";
import { openStore } from "../../../src/adapters/postgres/open-store.ts";
import type { SqlClient } from "../../../src/adapters/postgres/sql-client.ts";
import type { TenantId } from "../../../src/base/ids.ts";
import type { Effect } from "../../../src/core/task/effect.ts";
import type { Store } from "../../../src/ports/task-store.ts";
import { nextCommit, openingCommit, sampleTask } from "../../contract/sample-task.ts";
import { drawFrom } from "../../support/draw-from.ts";
import type { TestPostgres } from "../../support/postgres/start-postgres.ts";
import { findPostgresPrograms, startPostgres } from "../../support/postgres/start-postgres.ts";
import type { TestRedis } from "../../support/redis/start-redis.ts";
import { findRedisServer, startRedis } from "../../support/redis/start-redis.ts";
import { waitFor } from "../../support/wait-for.ts";
import { EffectsProcesses } from "./effects-processes.ts";

const silent = { info: () => undefined, warn: () => undefined, error: () => undefined };
const areInstalled = (await findPostgresPrograms()) !== null && findRedisServer() !== null;

const TASKS = 30;
const LABEL: Effect = { kind: "remove-trigger-label" };

/** Writes down every result in the order in which it is recorded, and refuses to record one twice. */
const WATCH_RESULTS = `
CREATE TABLE recorded (position bigint GENERATED ALWAYS AS IDENTITY, task_id text, version bigint, ordinal integer);
CREATE FUNCTION record_result() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  INSERT INTO recorded (task_id, version, ordinal) VALUES (NEW.task_id, NEW.version, NEW.ordinal);
  RETURN NEW;
END
$$;
CREATE TRIGGER record_result AFTER UPDATE OF outcome ON effect FOR EACH ROW EXECUTE FUNCTION record_result();`;

describe.skipIf(!areInstalled)("processes that are killed", () => {
  let postgres: TestPostgres;
  let redis: TestRedis;
  let folder: string;
  const ends: (() => Promise<void>)[] = [];

  beforeAll(async () => {
    [postgres, redis] = await Promise.all([startPostgres(), startRedis()]);
    folder = await mkdtemp(join(tmpdir(), "baton-kills-"));
  });

  afterEach(async () => {
    for (const end of ends.splice(0).reverse()) await end();
  });

  afterAll(async () => {
    await Promise.all([postgres.stop(), redis.stop(), rm(folder, { recursive: true })]);
  });

  async function openScene(redisUrl: string | null) {
    const databaseUrl = await postgres.createDatabase();
    const store = await openStore({ url: databaseUrl });
    ends.push(() => store.close());
    const database = connectPostgres(databaseUrl, silent);
    ends.push(() => database.close());
    await database.run(WATCH_RESULTS);
    const notes = join(folder, `${ends.length}-${redisUrl === null ? "in-process" : "redis"}`);
    const processes = new EffectsProcesses({ databaseUrl, redisUrl, notes });
    ends.push(() => processes.killAll());
    return { store, database, processes, notes };
  }

  test("workers, servers and Redis are killed at random: every result is recorded once, in order", async () => {
    const { store, database, processes, notes } = await openScene(redis.url);
    await Promise.all([processes.start("server"), processes.start("server"), processes.start("worker")]);
    const work = addWork(store);
    const draw = drawFrom(20_261_121);
    for (let kill = 1; kill <= 6; kill++) {
      const before = await countResults(database);
      const enough = before + 20 + Math.floor(draw() * 60);
      await waitFor(async () => expect(await countResults(database)).toBeGreaterThan(enough));
      if (kill % 3 === 0) {
        await redis.kill();
        await redis.start();
      } else {
        const { names } = processes;
        await processes.replace(names[Math.floor(draw() * names.length)] ?? "");
      }
    }
    await expectSound(database, notes, await work.end());
  });

  test("two servers that run effects themselves are killed in turn: no effect runs in both at once", async () => {
    const { store, database, processes, notes } = await openScene(null);
    await Promise.all([processes.start("server"), processes.start("server")]);
    const work = addWork(store);
    for (let kill = 1; kill <= 3; kill++) {
      const before = await countResults(database);
      await waitFor(async () => expect(await countResults(database)).toBeGreaterThan(before + 50));
      await processes.replace(processes.names[0] ?? "");
    }
    await expectSound(database, notes, await work.end());
  });
});

/** Tasks of several installations, and commits of two effects each until it is ended; `end` says how many effects. */
function addWork(store: Store): { end(): Promise<number> } {
  const tasks = Array.from({ length: TASKS }, (_, index) =>
    sampleTask(index + 1, { tenant: (index % 7) as TenantId }),
  );
  const effects = [LABEL, LABEL];
  let isEnding = false;
  const adding = (async () => {
    for (const task of tasks) await store.tasks.commit(openingCommit(task, effects), { kind: "none" });
    let version = 1;
    for (; !isEnding; version++) {
      const commits = tasks.map((task) => nextCommit(task, version, { effects }));
      await Promise.all(commits.map((commit) => store.tasks.commit(commit, { kind: "none" })));
      // Some are always waiting, and never so many that the end is far.
      const due = async () => (await store.outbox.turns(new Date(), [])).length;
      await waitFor(async () => expect(await due()).toBeLessThan(TASKS / 2));
    }
    return version * TASKS * effects.length;
  })();
  return {
    end() {
      isEnding = true;
      return adding;
    },
  };
}

async function countResults(database: SqlClient): Promise<number> {
  const text = "SELECT count(*) AS count FROM effect WHERE outcome IS NOT NULL";
  const rows = await database.query<{ count: number }>({ name: "count_results", text });
  return rows[0]?.count ?? 0;
}

async function expectSound(database: SqlClient, notes: string, all: number): Promise<void> {
  await waitFor(async () => expect(await countResults(database)).toBe(all));
  const text = "SELECT task_id AS task, version, ordinal FROM recorded ORDER BY position";
  const recorded = await database.query<{ task: string; version: number; ordinal: number }>({
    name: "recorded",
    text,
  });
  expect(recorded).toHaveLength(all);
  for (const results of Map.groupBy(recorded, ({ task }) => task).values()) {
    expect(results).toEqual(results.toSorted((a, b) => a.version - b.version || a.ordinal - b.ordinal));
  }
  expect(overlaps(await readFile(notes, "utf8"))).toEqual([]);
}

/** Effects that ended in one process after an effect of the same task had started in another. */
function overlaps(notes: string): readonly string[] {
  const startedLast = new Map<string, string>();
  const found: string[] = [];
  for (const line of notes.split("\n").slice(0, -1)) {
    const [what, task = "", effect, name = ""] = line.split(" ");
    if (what === "start") startedLast.set(task, name);
    else if (startedLast.get(task) !== name) found.push(`${effect} in ${name} and ${startedLast.get(task)}`);
  }
  return found;
}
