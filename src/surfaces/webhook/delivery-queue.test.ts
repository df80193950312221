import { describe, expect, test } from "vitest";
import type { DeliveryId } from "../../base/ids.ts";
import { createDeliveryQueue } from "./delivery-queue.ts";

const NOW = new Date("2026-01-01T00:00:00Z");
const LATER = new Date("2026-01-01T00:01:00Z");

/** A queue with deliveries `a#1`, …: the id before the hash is a name, what follows it the lane. */
function queueOf(...ids: string[]) {
  const queue = createDeliveryQueue();
  for (const id of ids) queue.add(id as DeliveryId, id.split("#")[1] ?? null, {});
  const startAll = (now: Date = NOW): string[] => {
    const started: string[] = [];
    for (let held = queue.start(now); held !== null; held = queue.start(now)) started.push(held.id);
    return started;
  };
  const finish = (id: string) => queue.finish(id as DeliveryId);
  const postpone = (id: string, laneWaits: boolean) => queue.postpone(id as DeliveryId, LATER, laneWaits);
  return { queue, startAll, finish, postpone };
}

describe("order", () => {
  test("lanes run side by side, each one delivery after the other", () => {
    const { startAll, finish } = queueOf("a#1", "b#1", "c#2", "d#1");
    expect(startAll()).toEqual(["a#1", "c#2"]);
    finish("a#1");
    expect(startAll()).toEqual(["b#1"]);
    finish("b#1");
    expect(startAll()).toEqual(["d#1"]);
  });

  test("deliveries in no lane wait for nobody", () => {
    const { startAll } = queueOf("a", "b", "c");
    expect(startAll()).toEqual(["a", "b", "c"]);
  });
});

describe("failures", () => {
  test("one that failed for a reason of its own lets those behind it pass, and comes again", () => {
    const { queue, startAll, postpone, finish } = queueOf("a#1", "b#1");
    startAll();
    postpone("a#1", false);
    expect(startAll()).toEqual(["b#1"]);
    finish("b#1");
    expect(startAll()).toEqual([]);
    expect(queue.nextTryAt(NOW)).toEqual(LATER);
    expect(startAll(LATER)).toEqual(["a#1"]);
  });

  test("one that waits for an outage to end keeps its lane waiting, and no other", () => {
    const { startAll, postpone } = queueOf("a#1", "b#1", "c#2");
    startAll();
    postpone("a#1", true);
    expect(startAll()).toEqual([]);
    expect(startAll(LATER)).toEqual(["a#1"]);
  });

  test("what waits behind an outage counts as postponed until its lane goes on", () => {
    const { queue, startAll, postpone, finish } = queueOf("a#1", "b#1", "c#1", "d#2");
    startAll();
    postpone("a#1", true);
    expect(queue.postponed()).toBe(3);
    queue.add("e#1" as DeliveryId, "1", {});
    expect(queue.postponed()).toBe(4);
    expect(startAll(LATER)).toEqual(["a#1"]);
    expect(queue.postponed()).toBe(0);
    finish("a#1");
    expect(startAll(LATER)).toEqual(["b#1"]);
  });

  test("how often it failed is counted, apart from how often it met an outage", () => {
    const { queue, startAll, postpone } = queueOf("a");
    startAll();
    postpone("a", false);
    expect(queue.postponed()).toBe(1);
    expect(queue.start(LATER)).toMatchObject({ id: "a", failures: 1, waits: 0 });
    postpone("a", true);
    expect(queue.start(LATER)).toMatchObject({ id: "a", failures: 1, waits: 1 });
  });

  test("one whose pause is over but whose lane is taken names no time: the lane's end is what it waits for", () => {
    const { queue, startAll, postpone } = queueOf("a#1", "b#1");
    startAll();
    postpone("a#1", false);
    startAll();
    expect(startAll(LATER)).toEqual([]);
    expect(queue.nextTryAt(LATER)).toBeNull();
  });
});
