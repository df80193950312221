import { expect, test } from "vitest";
import type { Clock } from "../../ports/clock.ts";
import { createDeadlines } from "./deadlines.ts";

/** A clock that is moved by hand, and knows how many wait for it. */
function handClock() {
  let nowMs = 0;
  const waiters = new Map<() => void, number>();
  const clock: Clock = {
    now: () => new Date(nowMs),
    waitUntil: (at, signal) =>
      new Promise((resolve, reject) => {
        if (at.getTime() <= nowMs) return resolve();
        waiters.set(resolve, at.getTime());
        signal.addEventListener("abort", () => {
          waiters.delete(resolve);
          reject(signal.reason as Error);
        });
      }),
  };
  async function moveTo(atMs: number): Promise<void> {
    nowMs = atMs;
    for (const [wake, dueMs] of waiters) {
      if (dueMs > nowMs) continue;
      waiters.delete(wake);
      wake();
    }
    // What was woken runs to its next wait.
    await new Promise((resolve) => setImmediate(resolve));
  }
  return { clock, moveTo, waiting: () => waiters.size };
}

function setUp() {
  const hand = handClock();
  const stopping = new AbortController();
  const deadlines = createDeadlines(hand.clock, 100, stopping.signal);
  return { ...hand, deadlines, stop: () => stopping.abort() };
}

test("each deadline expires in its time, unless it was cancelled, with one wait for all", async () => {
  const { deadlines, moveTo, waiting } = setUp();
  const expired: string[] = [];
  deadlines.set().onPassed(() => expired.push("first"));
  await moveTo(50);
  const cancelled = deadlines.set();
  cancelled.onPassed(() => expired.push("cancelled"));
  deadlines.set().onPassed(() => expired.push("second"));
  expect(waiting()).toBe(1);
  cancelled.cancel();
  await moveTo(100);
  expect(expired).toEqual(["first"]);
  await moveTo(150);
  expect(expired).toEqual(["first", "second"]);
  expect(waiting()).toBe(0);
});

test("the wait for one that was cancelled goes on for those that are set meanwhile, and ends with it", async () => {
  const { deadlines, moveTo, waiting } = setUp();
  deadlines.set().cancel();
  const expired: string[] = [];
  await moveTo(60);
  deadlines.set().onPassed(() => expired.push("later"));
  expect(waiting()).toBe(1);
  await moveTo(100);
  expect(expired).toEqual([]);
  await moveTo(160);
  expect(expired).toEqual(["later"]);
  expect(waiting()).toBe(0);
  deadlines.set().onPassed(() => expired.push("after a pause"));
  await moveTo(260);
  expect(expired).toEqual(["later", "after a pause"]);
});

test("nothing is waited for once it is stopped", async () => {
  const { deadlines, stop, waiting } = setUp();
  deadlines.set();
  stop();
  expect(waiting()).toBe(0);
});
