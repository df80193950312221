import { expect, test } from "vitest";
import { Pace } from "./pace.ts";

/** How long each has to wait of those that come at these times. */
function delays(times: readonly number[]): readonly number[] {
  const pace = new Pace();
  return times.map((time) => pace.delayMs(1_000 + time));
}

function every(ms: number, from: number, to: number): readonly number[] {
  return Array.from({ length: Math.ceil((to - from) / ms) }, (_, index) => from + index * ms);
}

test("what comes seldom is handed on at once", () => {
  expect(delays(every(7, 0, 500)).every((delay) => delay === 0)).toBe(true);
});

test("of much that comes all but the first few wait for the end of their 50 ms", () => {
  const first = every(1, 0, 50);
  expect(delays(first)).toEqual(first.map((time) => (time < 8 ? 0 : 50 - time)));
});

test("while much comes, all of it waits", () => {
  expect(delays(every(1, 0, 200)).slice(50)).toEqual(every(1, 50, 200).map((time) => 50 - (time % 50)));
});

test("when less comes, or nothing has for a while, it is handed on at once again", () => {
  expect(delays([...every(1, 0, 50), 50, 100, 101]).slice(-3)).toEqual([50, 0, 0]);
  expect(delays([...every(1, 0, 50), 100]).at(-1)).toBe(0);
});
