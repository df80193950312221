import type { DeliveryId } from "../../../src/base/ids.ts";
import type { Delivery, Inbox } from "../../../src/ports/task-store.ts";

export type MemoryInbox = Inbox & {
  readonly stored: Delivery[];
  readonly outcomes: Map<DeliveryId, string[]>;
  /** How many calls of `store` there were, whether or not they have ended. */
  readonly calls: () => number;
  /** Makes `store` wait until the returned function is called. */
  readonly stall: () => () => void;
};

/** An inbox whose memory is the test's to look at; every outcome is kept, so that a second one is seen. */
export function memoryInbox(): MemoryInbox {
  const stored: Delivery[] = [];
  const outcomes = new Map<DeliveryId, string[]>();
  let gate: Promise<void> = Promise.resolve();
  let calls = 0;
  return {
    stored,
    outcomes,
    calls: () => calls,
    stall: () => {
      const { promise, resolve } = Promise.withResolvers<void>();
      gate = promise;
      return resolve;
    },
    async store(delivery) {
      calls += 1;
      await gate;
      const known = stored.find(({ id }) => id === delivery.id);
      if (known) return Buffer.compare(known.body, delivery.body) === 0 ? "duplicate" : "differs";
      stored.push(delivery);
      return "stored";
    },
    async pending(limit, besides) {
      return stored.filter(({ id }) => !outcomes.has(id) && besides?.has(id) !== true).slice(0, limit);
    },
    async settle(id, outcome) {
      outcomes.set(id, [...(outcomes.get(id) ?? []), outcome]);
    },
  };
}
