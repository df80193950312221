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

test("each deadline expires in its time, unless it was cancelled, with one wait for all", async () => {
  const { clock, moveTo, waiting } = handClock();
  const deadlines = createDeadlines(clock, 100);
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

test("nothing is waited for once the last one is cancelled, and a later one is waited for again", async () => {
  const { clock, moveTo, waiting } = handClock();
  const deadlines = createDeadlines(clock, 100);
  deadlines.set().cancel();
  expect(waiting()).toBe(0);
  const expired: string[] = [];
  deadlines.set().onPassed(() => expired.push("later"));
  await moveTo(100);
  expect(expired).toEqual(["later"]);
});
