import { expect, test } from "vitest";
import { describeAge, describeDuration } from "./time-ago.ts";

const now = Date.UTC(2026, 4, 20, 12, 0, 0);

test.each([
  ["2026-05-20T12:00:30Z", "just now"],
  ["2026-05-20T11:59:01Z", "just now"],
  ["2026-05-20T11:59:00Z", "1 minute ago"],
  ["2026-05-20T10:01:00Z", "1 hour ago"],
  ["2026-05-18T12:00:00Z", "2 days ago"],
  ["2026-01-02T12:00:00Z", "on 2026-01-02"],
])("%s is %s", (time, expected) => {
  expect(describeAge(time, now)).toBe(expected);
});

test.each([
  [-5, "0s"],
  [400, "0s"],
  [59_400, "59s"],
  [61_000, "1m 01s"],
  [3_725_000, "1h 02m"],
])("%d ms is %s", (durationMs, expected) => {
  expect(describeDuration(durationMs)).toBe(expected);
});
