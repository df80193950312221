import { describe, expect, test } from "vitest";
import { sha256Hex } from "../../src/adapters/postgres/chain-events.ts";
import { attemptId } from "../../src/base/ids.ts";
import type { ChainLink } from "../../src/core/audit/verify-chain.ts";
import { linkText, verifyChain } from "../../src/core/audit/verify-chain.ts";
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
  });
}
