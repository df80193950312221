import { describe, expect, test } from "vitest";
import { openStore } from "../../src/adapters/postgres/open-store.ts";
import type { EffectId } from "../../src/base/ids.ts";
import { openingCommit, sampleTask } from "./sample-task.ts";
import type { StoreFixture } from "./store-fixture.ts";
import { NOON, NOTHING } from "./store-fixture.ts";

export function describeOutbox(fixture: StoreFixture): void {
  describe("the outbox", () => {
    test("effects are handed out oldest first with what they need, and once while they are being run", async () => {
      const task = sampleTask(fixture.nextIssue());
      await fixture.store.tasks.commit(
        openingCommit(task, [{ kind: "remove-trigger-label" }, { kind: "mirror" }]),
        NOTHING,
      );
      const due = await fixture.dueEffects(task.id);
      expect(due).toEqual([
        {
          id: `${task.id}/1/0`,
          task: task.id,
          tenant: task.tenant,
          effect: { kind: "remove-trigger-label" },
          failures: 0,
        },
        {
          id: `${task.id}/1/1`,
          task: task.id,
          tenant: task.tenant,
          effect: { kind: "mirror" },
          failures: 0,
        },
      ]);
      expect(await fixture.dueEffects(task.id)).toEqual([]);
    });

    test("an effect leaves only with its result: one that was being run when the process ended comes again", async () => {
      const task = sampleTask(fixture.nextIssue());
      await fixture.store.tasks.commit(openingCommit(task, [{ kind: "mirror" }]), NOTHING);
      expect(await fixture.dueEffects(task.id)).toHaveLength(1);
      await fixture.reopen();
      const [again] = await fixture.dueEffects(task.id);
      expect(again?.effect).toEqual({ kind: "mirror" });
      await fixture.store.outbox.settle(again?.id as EffectId, "Mirrored.");
      await fixture.reopen();
      expect(await fixture.dueEffects(task.id)).toEqual([]);
    });

    test("a postponed effect comes again at its time, and its failures are counted", async () => {
      const task = sampleTask(fixture.nextIssue());
      await fixture.store.tasks.commit(openingCommit(task, [{ kind: "mirror" }]), NOTHING);
      const [effect] = await fixture.dueEffects(task.id);
      const until = new Date(NOON.getTime() + 60_000);
      await fixture.store.outbox.postpone(effect?.id as EffectId, until, "GitHub is away.");
      expect(await fixture.dueEffects(task.id)).toEqual([]);
      const later = await fixture.store.outbox.due(until, 10_000);
      expect(later.find((pending) => pending.id === effect?.id)?.failures).toBe(1);
    });

    test("a timer is due at its time and not before, and the next due time is known", async () => {
      const fresh = await openStore(await fixture.under.scratchLocation());
      try {
        expect(await fresh.outbox.nextDueAt()).toBeNull();
        const task = sampleTask(1);
        const notBefore = "2026-03-01T12:01:30.000Z";
        await fresh.tasks.commit(openingCommit(task, [{ kind: "wake", notBefore }]), NOTHING);
        expect(await fresh.outbox.nextDueAt()).toEqual(new Date(notBefore));
        expect(await fresh.outbox.due(new Date("2026-03-01T12:01:29.999Z"), 10)).toEqual([]);
        expect(await fresh.outbox.due(new Date(notBefore), 10)).toHaveLength(1);
        // Being run, it is no longer waited for.
        expect(await fresh.outbox.nextDueAt()).toBeNull();
      } finally {
        await fresh.close();
      }
    });
  });
}
