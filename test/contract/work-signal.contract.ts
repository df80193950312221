import { describe, expect, test } from "vitest";
import type { EffectId } from "../../src/base/ids.ts";
import { nextCommit, sampleDelivery } from "./sample-task.ts";
import type { StoreFixture } from "./store-fixture.ts";
import { NOON, NOTHING } from "./store-fixture.ts";

export function describeWorkSignal(fixture: StoreFixture): void {
  describe("the word of work", () => {
    test("it is given for commits with effects and for postponed effects, and for nothing else", async () => {
      const task = await fixture.openTask();
      let words = 0;
      fixture.store.onWork(() => words++);
      const heard = async (change: Promise<unknown>) => {
        const before = words;
        await change;
        await Promise.resolve();
        return words - before;
      };
      expect(await heard(fixture.store.inbox.store(sampleDelivery("word")))).toBe(0);
      expect(await heard(fixture.store.tasks.commit(nextCommit(task, 1), NOTHING))).toBe(0);
      const withEffect = nextCommit(task, 2, { effects: [{ kind: "mirror" }] });
      expect(await heard(fixture.store.tasks.commit(withEffect, NOTHING))).toBe(1);
      expect(await heard(fixture.store.tasks.commit(withEffect, NOTHING))).toBe(0);
      const [effect] = await fixture.dueEffects(task.id);
      const later = { until: NOON, why: "not now", isFailure: true };
      expect(await heard(fixture.store.outbox.postpone(effect?.id as EffectId, later))).toBe(1);
    });
  });
}
