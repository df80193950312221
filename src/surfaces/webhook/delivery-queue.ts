import type { DeliveryId } from "../../base/ids.ts";

export type Held<Work> = {
  readonly id: DeliveryId;
  readonly work: Work;
  /** How often it failed for a reason of its own. */
  readonly failures: number;
  /** How often it met an outage. */
  readonly waits: number;
};

/**
 * The deliveries in hand. Those of one lane are started one after the other, in the order received; one that failed for
 * a reason of its own steps aside for those behind it, one that waits for an outage to end keeps them waiting, since the
 * same outage would meet them and a `/hold` must not overtake the `/resume` before it. Lanes take turns.
 */
export type DeliveryQueue<Work> = {
  ids(): ReadonlySet<DeliveryId>;
  has(id: DeliveryId): boolean;
  size(): number;
  /** How many of them wait for a later try, or behind one that keeps its lane waiting. */
  postponed(): number;
  add(id: DeliveryId, lane: string | null, work: Work): void;
  /** The next that may start now, marked as started; null when there is none. */
  start(now: Date): Held<Work> | null;
  finish(id: DeliveryId): void;
  postpone(id: DeliveryId, until: Date, laneWaits: boolean): void;
  /** When the next pause ends that is not over yet. */
  nextTryAt(now: Date): Date | null;
};

type Entry<Work> = {
  readonly id: DeliveryId;
  /**
   * null once finished. The tables that a `Map` outgrows hold what they held, and each the next, so that with entries
   * that come and go all of them stay in memory until the next full collection.
   */
  work: Work | null;
  readonly lane: Lane<Work>;
  /** Of being added. */
  readonly ordinal: number;
  failures: number;
  waits: number;
  pause: { readonly until: Date; readonly laneWaits: boolean } | null;
};

type Lane<Work> = {
  readonly name: string | null;
  /** Not started, in the order received. */
  readonly waiting: Entry<Work>[];
  /** How many of those wait behind a pause that is not theirs. */
  kept: number;
  taken: boolean;
};

export function createDeliveryQueue<Work extends object>(): DeliveryQueue<Work> {
  const entries = new Map<DeliveryId, Entry<Work>>();
  const lanes = new Map<string, Lane<Work>>();
  const paused = new Set<Entry<Work>>();
  /** Lanes that nothing of is started, and that may have something to start. */
  const ready = new Set<Lane<Work>>();
  let added = 0;
  /** In all lanes. */
  let kept = 0;

  function laneCalled(name: string | null): Lane<Work> {
    const known = name === null ? undefined : lanes.get(name);
    if (known) return known;
    const lane: Lane<Work> = { name, waiting: [], kept: 0, taken: false };
    if (name !== null) lanes.set(name, lane);
    return lane;
  }

  function release(lane: Lane<Work>): void {
    lane.taken = false;
    if (lane.waiting.length > 0) ready.add(lane);
    else if (lane.name !== null) lanes.delete(lane.name);
  }

  function countKept(lane: Lane<Work>): void {
    kept -= lane.kept;
    lane.kept = countBehindPause(lane.waiting);
    kept += lane.kept;
  }

  return {
    ids: () => new Set(entries.keys()),
    has: (id) => entries.has(id),
    size: () => entries.size,
    postponed: () => paused.size + kept,

    add(id, laneName, work) {
      const lane = laneCalled(laneName);
      const entry: Entry<Work> = { id, work, lane, ordinal: ++added, failures: 0, waits: 0, pause: null };
      entries.set(id, entry);
      lane.waiting.push(entry);
      countKept(lane);
      if (!lane.taken) ready.add(lane);
    },

    start(now) {
      for (const { lane, pause } of paused) {
        if (!lane.taken && pause !== null && pause.until <= now) ready.add(lane);
      }
      for (const lane of ready) {
        ready.delete(lane);
        const place = placeOfNext(lane.waiting, now);
        if (place === null) continue;
        const [entry] = lane.waiting.splice(place, 1);
        if (!entry?.work) continue;
        lane.taken = true;
        paused.delete(entry);
        countKept(lane);
        return { id: entry.id, work: entry.work, failures: entry.failures, waits: entry.waits };
      }
      return null;
    },

    finish(id) {
      const entry = entries.get(id);
      if (!entries.delete(id) || !entry) return;
      entry.work = null;
      release(entry.lane);
    },

    postpone(id, until, laneWaits) {
      const entry = entries.get(id);
      if (!entry) return;
      if (laneWaits) entry.waits += 1;
      else entry.failures += 1;
      entry.pause = { until, laneWaits };
      const { waiting } = entry.lane;
      const younger = waiting.findIndex(({ ordinal }) => ordinal > entry.ordinal);
      waiting.splice(younger < 0 ? waiting.length : younger, 0, entry);
      paused.add(entry);
      countKept(entry.lane);
      release(entry.lane);
    },

    nextTryAt(now) {
      // One whose pause is over waits for a place or its lane, and is started as soon as either is free.
      const ends = [...paused].flatMap(({ pause }) => (pause && pause.until > now ? [pause.until] : []));
      return ends.reduce<Date | null>((first, at) => (first === null || at < first ? at : first), null);
    },
  };
}

/** Of the first that may start; null when the lane has to wait. */
function placeOfNext(waiting: readonly Entry<unknown>[], now: Date): number | null {
  for (const [place, { pause }] of waiting.entries()) {
    if (pause === null || pause.until <= now) return place;
    if (pause.laneWaits) return null;
  }
  return null;
}

/** Of those that have no pause of their own. */
function countBehindPause(waiting: readonly Entry<unknown>[]): number {
  const first = waiting.findIndex(({ pause }) => pause?.laneWaits);
  return first < 0 ? 0 : waiting.slice(first).filter(({ pause }) => pause === null).length;
}
