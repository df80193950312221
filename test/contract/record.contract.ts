import { describe, expect, test } from "vitest";
import { sha256Hex } from "../../src/adapters/postgres/chain-events.ts";
import { attemptId } from "../../src/base/ids.ts";
import type { ChainLink } from "../../src/core/audit/verify-chain.ts";
import { linkText, verifyChain } from "../../src/core/audit/verify-chain.ts";
import type { Task } from "../../src/core/task/state.ts";
import {
  nextCommit,
  openingCommit,
  recorded,
  SAMPLE_TIME,
  sampleDelivery,
  sampleLease,
  sampleTask,
} from "./sample-task.ts";
import type { StoreFixture } from "./store-fixture.ts";
import { NOTHING } from "./store-fixture.ts";

export function describeRecord(fixture: StoreFixture): void {
  describe("the record", () => {
    test("a change to any event shows in the chain", async () => {
      const task = await fixture.openTask();
      for (const version of [1, 2, 3]) await fixture.store.tasks.commit(nextCommit(task, version), NOTHING);
      const history = await fixture.store.tasks.history(task.id);
      const [first, second, third, fourth] = history as unknown as [
        ChainLink,
        ChainLink,
        ChainLink,
        ChainLink,
      ];
      const forged = (event: ChainLink): ChainLink => ({
        ...event,
        canonical: event.canonical.replace("person 1", "person 9"),
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
      const moved = history.map((event) => ({ ...event, task: "1-2-3" }));
      expect(faultOf(moved)).toEqual({ sequence: 1, kind: "misplaced" });
      const rehashed = {
        ...forged(second),
        hash: sha256Hex(linkText(first.hash, forged(second).canonical)),
      };
      expect(faultOf([first, rehashed, third, fourth])).toEqual({ sequence: 3, kind: "hash-differs" });
    });

    test("closing and opening again changes nothing", async () => {
      const task = await fixture.openTask({ guidance: "be brief" });
      await fixture.store.inbox.store(sampleDelivery("before-restart"));
      await fixture.store.tasks.commit(nextCommit(task, 1, { effects: [{ kind: "mirror" }] }), NOTHING);
      const attempt = attemptId(task.id, 1);
      await fixture.store.attempts.saveLease(sampleLease(attempt, "before-restart"));
      const history = await fixture.store.tasks.history(task.id);
      await fixture.reopen();
      expect(await fixture.store.tasks.load(task.id)).toEqual({ task, version: 2 });
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

    test("the database itself refuses to change, delete or empty the events", async () => {
      const task = await fixture.openTask();
      const history = await fixture.store.tasks.history(task.id);
      await fixture.reopen(async (database) => {
        for (const script of ["UPDATE event SET canonical = ''", "DELETE FROM event", "TRUNCATE event"]) {
          await expect(database.run(script)).rejects.toThrow("append only");
        }
      });
      expect(await fixture.store.tasks.history(task.id)).toEqual(history);
    });

    // It leaves broken chains behind, so that it comes last.
    test("verifying all of it finds each broken chain and where it breaks", async () => {
      // One of the chains is longer than what is read at once.
      const long = await openTaskWith(fixture, 10_000);
      const changed = await openTaskWith(fixture, 3);
      const cut = await openTaskWith(fixture, 3);
      const emptied = await openTaskWith(fixture, 3);
      const orphaned = await openTaskWith(fixture, 3);
      const beheaded = await openTaskWith(fixture, 3);
      const sound = await fixture.store.tasks.verifyRecord();
      expect(sound.faults).toEqual([]);
      await fixture.reopen(async (database) => {
        await database.run(`
          ALTER TABLE event DISABLE TRIGGER event_append_only;
          UPDATE event SET canonical = canonical || E'\\n' WHERE task_id = '${changed.id}' AND sequence = 2;
          DELETE FROM event WHERE task_id = '${cut.id}' AND sequence = 3;
          DELETE FROM event WHERE task_id = '${emptied.id}';
          DELETE FROM task WHERE id = '${orphaned.id}';
          UPDATE task SET head_hash = sha256('x') WHERE id = '${beheaded.id}';
          UPDATE event SET canonical = replace(canonical, 'by":"person 9001', 'by":"person 9002')
            WHERE task_id = '${long.id}' AND sequence = 9001;
          ALTER TABLE event ENABLE TRIGGER event_append_only`);
      });
      const verdict = await fixture.store.tasks.verifyRecord();
      expect(verdict.tasks).toBe(sound.tasks);
      const faults = Object.fromEntries(verdict.faults.map(({ task, fault }) => [task, fault]));
      expect(faults).toEqual({
        [long.id]: { sequence: 9_001, kind: "hash-differs" },
        [changed.id]: { sequence: 3, kind: "gap" },
        [cut.id]: { sequence: 2, kind: "ends-elsewhere" },
        [emptied.id]: { sequence: 0, kind: "ends-elsewhere" },
        [orphaned.id]: { sequence: 3, kind: "ends-elsewhere" },
        [beheaded.id]: { sequence: 3, kind: "ends-elsewhere" },
      });
    });
  });
}

async function openTaskWith(fixture: StoreFixture, events: number): Promise<Task> {
  const task = await fixture.openTask();
  const later = Array.from({ length: events - 1 }, (_, index) =>
    recorded({ type: "TaskHeld", by: `person ${index + 2}` }),
  );
  expect(await fixture.store.tasks.commit(nextCommit(task, 1, { events: later }), NOTHING)).toBe("committed");
  return task;
}
