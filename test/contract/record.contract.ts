import { describe, expect, test } from "vitest";
import { sha256Hex } from "../../src/adapters/postgres/chain-entries.ts";
import type { CopiedRow } from "../../src/adapters/postgres/copied-row.ts";
import type { Parameter } from "../../src/adapters/postgres/parameter.ts";
import type { SqlClient, SqlSession, Statement } from "../../src/adapters/postgres/sql-client.ts";
import { verifyRecord } from "../../src/adapters/postgres/verify-record.ts";
import { attemptId } from "../../src/base/ids.ts";
import type { ChainLink } from "../../src/core/audit/verify-chain.ts";
import { linkText, verifyChain } from "../../src/core/audit/verify-chain.ts";
import type { Task } from "../../src/core/task/state.ts";
import {
  nextCommit,
  openingCommit,
  SAMPLE_TIME,
  sampleDelivery,
  sampleLease,
  sampleTask,
} from "./sample-task.ts";
import type { StoreFixture } from "./store-fixture.ts";
import { NOTHING } from "./store-fixture.ts";

export function describeRecord(fixture: StoreFixture): void {
  describe("the record", () => {
    test("a change to any entry shows in the chain", async () => {
      const task = await fixture.openTask();
      for (const version of [1, 2, 3]) await fixture.store.tasks.commit(nextCommit(task, version), NOTHING);
      const history = await fixture.store.tasks.history(task.id);
      const [first, second, third, fourth] = history as unknown as [
        ChainLink,
        ChainLink,
        ChainLink,
        ChainLink,
      ];
      const forged = (link: ChainLink): ChainLink => ({
        ...link,
        canonical: link.canonical.replace("person 1", "person 9"),
      });
      const faultOf = (links: Parameters<typeof verifyChain>[0]) => {
        const result = verifyChain(links, sha256Hex);
        return result.ok ? null : result.error;
      };
      expect(faultOf(history)).toBeNull();
      expect(faultOf([first, forged(second), third, fourth])).toEqual({
        sequence: 2,
        kind: "hash-differs",
      });
      expect(faultOf([first, third, fourth])).toEqual({ sequence: 2, kind: "gap" });
      expect(faultOf([first, third, second, fourth])).toEqual({ sequence: 2, kind: "gap" });
      const moved = history.map((link) => ({ ...link, task: "1-2-3" }));
      expect(faultOf(moved)).toEqual({ sequence: 1, kind: "misplaced" });
      const rehashed = {
        ...forged(second),
        hash: sha256Hex(linkText(first.hash, forged(second).canonical)),
      };
      expect(faultOf([first, rehashed, third, fourth])).toEqual({ sequence: 3, kind: "hash-differs" });
    });

    test("closing and opening again changes nothing", async () => {
      const task = await fixture.openTask();
      await fixture.store.inbox.store(sampleDelivery("before-restart"));
      const commit = nextCommit(task, 1, { effects: [{ kind: "mirror" }] });
      await fixture.store.tasks.commit(commit, NOTHING);
      const attempt = attemptId(task.id, 1);
      await fixture.store.attempts.saveLease(sampleLease(attempt, "before-restart"));
      const history = await fixture.store.tasks.history(task.id);
      await fixture.reopen();
      expect(await fixture.store.tasks.load(task.id)).toEqual({ task: commit.after, version: 2 });
      expect(await fixture.store.tasks.history(task.id)).toEqual(history);
      expect((await fixture.store.inbox.pending(10_000)).map(({ id }) => id)).toContain("before-restart");
      expect(await fixture.dueEffects(task.id)).toHaveLength(1);
      expect(await fixture.store.attempts.leaseSeenAt(sampleLease(attempt, "before-restart").id)).toBe(
        SAMPLE_TIME,
      );
      expect(await fixture.store.tasks.commit(nextCommit(task, 2), NOTHING)).toBe("committed");
      expect(verifyChain(await fixture.store.tasks.history(task.id), sha256Hex).ok).toBe(true);
    });

    test("what was submitted before closing is stored", async () => {
      const tasks = Array.from({ length: 20 }, () => sampleTask(fixture.nextIssue()));
      const outcomes = tasks.map((task) => fixture.store.tasks.commit(openingCommit(task), NOTHING));
      await fixture.reopen();
      expect(await Promise.all(outcomes)).toEqual(tasks.map(() => "committed"));
      for (const task of tasks) expect(await fixture.store.tasks.load(task.id)).not.toBeNull();
    });

    test("the database itself refuses to change, delete or empty the entries", async () => {
      const task = await fixture.openTask();
      const history = await fixture.store.tasks.history(task.id);
      await fixture.reopen(async (database) => {
        for (const script of ["UPDATE entry SET canonical = ''", "DELETE FROM entry", "TRUNCATE entry"]) {
          await expect(database.run(script)).rejects.toThrow("append only");
        }
      });
      expect(await fixture.store.tasks.history(task.id)).toEqual(history);
    });

    test("verifying all of it needs no more memory than a page and one long text, wherever its pages end", async () => {
      const person = "p".repeat(400);
      await openTaskWith(fixture, [person, person, "ada", "grace", person]);
      await openTaskWith(fixture, ["ada", "grace", "edsger", "barbara"]);
      const whole = await fixture.store.tasks.verifyRecord();
      expect(whole.faults).toEqual([]);
      await fixture.reopen(async (database) => {
        for (const entries of [1, 2, 3, 5, 8, 100]) {
          const measured = new MeasuringClient(database);
          expect(await verifyRecord(measured, { entries, textBytes: 300 })).toEqual(whole);
          // A task's id, a sequence and a hash take about 100 bytes with their lengths.
          expect(measured.pages.filter(({ bytes, rows }) => rows > 1 && bytes > entries * 400)).toEqual([]);
          expect(measured.pages.filter(({ rows }) => rows > entries)).toEqual([]);
        }
      });
    });

    test("verifying all of it while others write finds nothing", async () => {
      const tasks = await Promise.all(Array.from({ length: 20 }, () => fixture.openTask()));
      let isWriting = true;
      const writing = Promise.all(
        tasks.map(async (task) => {
          for (let version = 1; version <= 40; version += 1) {
            expect(await fixture.store.tasks.commit(nextCommit(task, version), NOTHING)).toBe("committed");
          }
        }),
      ).finally(() => {
        isWriting = false;
      });
      while (isWriting) expect((await fixture.store.tasks.verifyRecord()).faults).toEqual([]);
      await writing;
    });

    // It leaves broken chains behind, so that it comes last.
    test("verifying all of it finds each broken chain and where it breaks", async () => {
      const sample = (entries: number) => openTaskWith(fixture, people(entries - 1));
      // One of the chains is longer than what is read at once.
      const long = await fixture.openTask();
      await fixture.reopen((database) => lengthen(database, long, 21_000));
      const changed = await sample(3);
      const cut = await sample(3);
      const emptied = await sample(3);
      const orphaned = await sample(3);
      const beheaded = await sample(3);
      const holed = await sample(4);
      const renumbered = await sample(3);
      const swapped = await sample(4);
      const doubled = await sample(3);
      const grown = await sample(3);
      const unhashed = await sample(3);
      const hashless = await sample(3);
      const textless = await sample(3);
      const headless = await sample(3);
      const wordy = await openTaskWith(fixture, ["ada", "w".repeat(100_000), "grace"]);
      const unreadable = await openTaskWith(fixture, ["ada", "\ufffd", "grace"]);
      const sound = await fixture.store.tasks.verifyRecord();
      expect(sound.faults).toEqual([]);
      const expected = {
        [long.id]: { sequence: 9_001, kind: "hash-differs" },
        [changed.id]: { sequence: 2, kind: "misplaced" },
        [cut.id]: { sequence: 2, kind: "ends-elsewhere" },
        [emptied.id]: { sequence: 0, kind: "ends-elsewhere" },
        [orphaned.id]: { sequence: 3, kind: "ends-elsewhere" },
        [beheaded.id]: { sequence: 3, kind: "ends-elsewhere" },
        [holed.id]: { sequence: 2, kind: "gap" },
        [renumbered.id]: { sequence: 3, kind: "gap" },
        [swapped.id]: { sequence: 2, kind: "misplaced" },
        [doubled.id]: { sequence: 4, kind: "misplaced" },
        [grown.id]: { sequence: 4, kind: "ends-elsewhere" },
        [unhashed.id]: { sequence: 2, kind: "hash-differs" },
        [hashless.id]: { sequence: 2, kind: "hash-differs" },
        [textless.id]: { sequence: 2, kind: "misplaced" },
        [headless.id]: { sequence: 3, kind: "ends-elsewhere" },
        [wordy.id]: { sequence: 3, kind: "hash-differs" },
        [unreadable.id]: { sequence: 3, kind: "hash-differs" },
      };
      const sizes = [undefined, { entries: 37, textBytes: 300 }];
      await fixture.reopen(async (database) => {
        await database.run(`
          ALTER TABLE entry DISABLE TRIGGER entry_append_only;
          ALTER TABLE entry ALTER hash DROP NOT NULL, ALTER canonical DROP NOT NULL;
          ALTER TABLE task ALTER version DROP NOT NULL, ALTER head_hash DROP NOT NULL;
          CREATE CAST (bytea AS text) WITHOUT FUNCTION;
          UPDATE entry SET canonical = canonical || E'\\n' WHERE task_id = '${changed.id}' AND sequence = 2;
          DELETE FROM entry WHERE task_id = '${cut.id}' AND sequence = 3;
          DELETE FROM entry WHERE task_id = '${emptied.id}';
          DELETE FROM task WHERE id = '${orphaned.id}';
          UPDATE task SET head_hash = sha256('x') WHERE id = '${beheaded.id}';
          DELETE FROM entry WHERE task_id = '${holed.id}' AND sequence = 2;
          UPDATE entry SET sequence = 30 WHERE task_id = '${renumbered.id}' AND sequence = 3;
          UPDATE entry SET sequence = sequence + 10 WHERE task_id = '${swapped.id}' AND sequence IN (2, 3);
          UPDATE entry SET sequence = 15 - sequence WHERE task_id = '${swapped.id}' AND sequence > 10;
          INSERT INTO entry SELECT task_id, 4, tenant_id, canonical, hash FROM entry
            WHERE task_id = '${doubled.id}' AND sequence = 3;
          INSERT INTO entry SELECT task_id, 4, tenant_id, forged.canonical,
            sha256(convert_to(encode(hash, 'hex') || forged.canonical, 'UTF8'))
            FROM entry CROSS JOIN LATERAL (SELECT replace(canonical, '"sequence":3', '"sequence":4')) AS forged (canonical)
            WHERE task_id = '${grown.id}' AND sequence = 3;
          UPDATE entry SET hash = '' WHERE task_id = '${unhashed.id}' AND sequence = 2;
          UPDATE entry SET hash = NULL WHERE task_id = '${hashless.id}' AND sequence = 2;
          UPDATE entry SET canonical = NULL WHERE task_id = '${textless.id}' AND sequence = 2;
          UPDATE task SET version = NULL, head_hash = NULL WHERE id = '${headless.id}';
          UPDATE entry SET canonical = overlay(canonical PLACING 'W' FROM 20000)
            WHERE task_id = '${wordy.id}' AND sequence = 3;
          UPDATE entry SET canonical =
            decode(replace(encode(convert_to(canonical, 'UTF8'), 'hex'), 'efbfbd', 'ff'), 'hex')::text
            WHERE task_id = '${unreadable.id}' AND sequence = 3;
          UPDATE entry SET canonical = replace(canonical, 'by":"person 9001', 'by":"person 9002')
            WHERE task_id = '${long.id}' AND sequence = 9001;
          DROP CAST (bytea AS text);
          ALTER TABLE entry ENABLE TRIGGER entry_append_only`);
        for (const size of sizes) {
          const verdict = await verifyRecord(database, size);
          expect(verdict.tasks).toBe(sound.tasks);
          const faults = Object.fromEntries(verdict.faults.map(({ task, fault }) => [task, fault]));
          expect(faults).toEqual(expected);
          expect(verdict.faults).toHaveLength(Object.keys(expected).length);
        }
      });
    });
  });
}

/** Opens a task that each of the people then holds. */
async function openTaskWith(fixture: StoreFixture, holders: readonly string[]): Promise<Task> {
  const task = await fixture.openTask();
  for (const [index, by] of holders.entries()) {
    const commit = nextCommit(task, index + 1, { events: [{ type: "TaskHeld", by }] });
    expect(await fixture.store.tasks.commit(commit, NOTHING)).toBe("committed");
  }
  return task;
}

/** Continues a task's chain of one entry in the database, which takes a fraction of what committing each would. */
async function lengthen(database: SqlClient, { id }: Task, length: number): Promise<void> {
  await database.run(`
    WITH RECURSIVE chain (sequence, tenant_id, canonical, hash) AS (
      SELECT sequence, tenant_id, canonical, hash FROM entry WHERE task_id = '${id}'
      UNION ALL
      SELECT chain.sequence + 1, tenant_id, next.canonical,
        sha256(convert_to(encode(hash, 'hex') || next.canonical, 'UTF8'))
      FROM chain CROSS JOIN LATERAL (
        SELECT format('{"events":[{"by":"person %1$s","type":"TaskHeld"}],"meta":{},"sequence":%1$s,"task":"${id}"}',
          chain.sequence + 1) AS canonical
      ) AS next
      WHERE chain.sequence < ${length}
    ), added AS (
      INSERT INTO entry (task_id, sequence, tenant_id, canonical, hash)
      SELECT '${id}', sequence, tenant_id, canonical, hash FROM chain WHERE sequence > 1
    )
    UPDATE task SET version = sequence, head_hash = hash FROM chain
    WHERE id = '${id}' AND sequence = ${length}`);
}

function people(count: number): readonly string[] {
  return Array.from({ length: count }, (_, index) => `person ${index + 2}`);
}

/** A client that knows how much its copies were. */
class MeasuringClient implements SqlClient {
  readonly pages: { readonly rows: number; readonly bytes: number }[] = [];
  readonly connections: number;
  readonly copiesWhole: boolean;
  readonly #client: SqlClient;

  constructor(client: SqlClient) {
    this.#client = client;
    this.connections = client.connections;
    this.copiesWhole = client.copiesWhole;
  }

  transaction<Value>(work: (session: SqlSession) => Promise<Value>): Promise<Value> {
    return this.#client.transaction((session) =>
      work({
        query: (statement, parameters) => session.query(statement, parameters),
        run: (script) => session.run(script),
        copy: async (query, take) => {
          await session.copy(
            `SELECT count(*), coalesce(sum(octet_length(page::text)), 0)::bigint FROM (${query}) AS page`,
            (row) => this.pages.push({ rows: row.bigint(), bytes: row.bigint() }),
          );
          return session.copy(query, take);
        },
      }),
    );
  }

  query<Row>(statement: Statement, parameters?: readonly Parameter[]): Promise<readonly Row[]> {
    return this.#client.query(statement, parameters);
  }

  copy(query: string, take: (row: CopiedRow) => void): Promise<number> {
    return this.#client.copy(query, take);
  }

  run(script: string): Promise<void> {
    return this.#client.run(script);
  }

  close(): Promise<void> {
    return this.#client.close();
  }
}
