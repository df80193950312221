import type { DeliveryId } from "../../base/ids.ts";

export type Held<Work> = {
  readonly id: DeliveryId;
  readonly work: Work;
  /** How often it was tried in vain. */
  readonly failures: number;
};

/**
 * The deliveries in hand, in the order received. Those of one lane are started one after the other; one that failed
 * for a reason of its own steps aside for those behind it, one that waits for an outage to end keeps them waiting,
 * since the same outage would meet them and a `/hold` must not overtake the `/resume` before it.
 */
export type DeliveryQueue<Work> = {
  ids(): ReadonlySet<DeliveryId>;
  size(): number;
  /** How many of them wait for a later try. */
  postponed(): number;
  add(id: DeliveryId, lane: string | null, work: Work): void;
  /** The oldest that may start now, marked as started; null when there is none. */
  start(now: Date): Held<Work> | null;
  finish(id: DeliveryId): void;
  postpone(id: DeliveryId, until: Date, laneWaits: boolean): void;
  /** When the next pause ends that is not over yet. */
  nextTryAt(now: Date): Date | null;
};

type Entry<Work> = {
  readonly work: Work;
  readonly lane: string | null;
  failures: number;
  started: boolean;
  waitsUntil: Date | null;
  laneWaits: boolean;
};

export function createDeliveryQueue<Work>(): DeliveryQueue<Work> {
  // A Map keeps the order of insertion, which is the order received.
  const entries = new Map<DeliveryId, Entry<Work>>();

  function waiting(): readonly Date[] {
    return [...entries.values()].flatMap(({ started, waitsUntil }) =>
      started || !waitsUntil ? [] : [waitsUntil],
    );
  }

  return {
    ids: () => new Set(entries.keys()),
    size: () => entries.size,
    postponed: () => waiting().length,

    add(id, lane, work) {
      entries.set(id, { work, lane, failures: 0, started: false, waitsUntil: null, laneWaits: false });
    },

    start(now) {
      // A younger one may run in the lane of an older one that stepped aside.
      const taken = new Set([...entries.values()].filter(({ started }) => started).map(({ lane }) => lane));
      for (const [id, entry] of entries) {
        const { lane, started, waitsUntil, laneWaits } = entry;
        if (started || (lane !== null && taken.has(lane))) continue;
        if (waitsUntil === null || waitsUntil <= now) {
          entry.started = true;
          return { id, work: entry.work, failures: entry.failures };
        }
        if (laneWaits) taken.add(lane);
      }
      return null;
    },

    finish(id) {
      entries.delete(id);
    },

    postpone(id, until, laneWaits) {
      const entry = entries.get(id);
      if (entry === undefined) return;
      entry.failures += 1;
      entry.started = false;
      entry.waitsUntil = until;
      entry.laneWaits = laneWaits;
    },

    nextTryAt(now) {
      // One whose pause is over waits for a place or its lane, and is started as soon as either is free.
      const ends = waiting().filter((until) => until > now);
      return ends.reduce<Date | null>((first, at) => (first === null || at < first ? at : first), null);
    },
  };
}
