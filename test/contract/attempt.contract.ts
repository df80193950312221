import { describe, expect, test } from "vitest";
import { attemptId } from "../../src/base/ids.ts";
import { SAMPLE_TIME, sampleLease, sampleTask } from "./sample-task.ts";
import type { StoreFixture } from "./store-fixture.ts";

export function describeAttempts(fixture: StoreFixture): void {
  describe("attempts", () => {
    test("a lease is found by its token's hash, and its last sign of life never moves back", async () => {
      const attempt = attemptId(sampleTask(fixture.nextIssue()).id, 1);
      const lease = sampleLease(attempt, "lease-seen");
      await fixture.store.attempts.saveLease(lease);
      expect(await fixture.store.attempts.findLease(lease.tokenHash)).toEqual({ id: lease.id, attempt });
      expect(await fixture.store.attempts.findLease("another")).toBeNull();
      expect(await fixture.store.attempts.leaseSeenAt(lease.id)).toBe(SAMPLE_TIME);
      await fixture.store.attempts.touchLease(lease.id, "2026-03-01T12:00:30.000Z");
      await fixture.store.attempts.touchLease(lease.id, "2026-03-01T12:00:15.000Z");
      expect(await fixture.store.attempts.leaseSeenAt(lease.id)).toBe("2026-03-01T12:00:30.000Z");
      expect(await fixture.store.attempts.leaseSeenAt(sampleLease(attempt, "none").id)).toBeNull();
    });

    test("session events come back in the order in which they were appended", async () => {
      const attempt = attemptId(sampleTask(fixture.nextIssue()).id, 1);
      await fixture.store.attempts.appendSessionEvents(attempt, [
        '{"n":1}',
        '{"n":"\\u0000, \\"quoted\\" {and} é"}',
      ]);
      await fixture.store.attempts.appendSessionEvents(attempt, []);
      await fixture.store.attempts.appendSessionEvents(attempt, ['{"n":3}']);
      expect(await fixture.store.attempts.sessionEvents(attempt)).toEqual([
        '{"n":1}',
        '{"n":"\\u0000, \\"quoted\\" {and} é"}',
        '{"n":3}',
      ]);
      expect(await fixture.store.attempts.sessionEvents(attemptId(sampleTask(1).id, 99))).toEqual([]);
    });

    test("the last bundle that was uploaded for an attempt is the one that is kept", async () => {
      const attempt = attemptId(sampleTask(fixture.nextIssue()).id, 1);
      expect(await fixture.store.attempts.loadBundle(attempt)).toBeNull();
      await fixture.store.attempts.saveBundle(attempt, new Uint8Array([1, 2, 3]));
      await fixture.store.attempts.saveBundle(attempt, new Uint8Array([0, 255, 10]));
      expect([...((await fixture.store.attempts.loadBundle(attempt)) ?? [])]).toEqual([0, 255, 10]);
    });

    test("of several attempts, the last that left a snapshot is found, until it is dropped", async () => {
      const { attempts } = fixture.store;
      const { id } = sampleTask(fixture.nextIssue());
      const [first, second, third] = [attemptId(id, 9), attemptId(id, 10), attemptId(id, 11)];
      const all = [first, second, third];
      expect(await attempts.newestSnapshot(all)).toBeNull();
      await attempts.saveSnapshot(second, new Uint8Array([1]));
      await attempts.saveSnapshot(second, new Uint8Array([2, 255]));
      await attempts.saveSnapshot(first, new Uint8Array([3]));
      expect(await attempts.newestSnapshot(all)).toBe(second);
      expect([...((await attempts.loadSnapshot(second)) ?? [])]).toEqual([2, 255]);
      await attempts.dropSnapshots([second, third]);
      expect(await attempts.loadSnapshot(second)).toBeNull();
      expect(await attempts.newestSnapshot(all)).toBe(first);
      expect(await attempts.newestSnapshot([])).toBeNull();
    });
  });
}
