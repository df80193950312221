import { quantile } from "../spread.ts";
import type { Figures } from "../benchmark.ts";

export type Load = {
  readonly effects: number;
  readonly perTask: number;
  readonly atOnce: number;
};

/** How many are handed in one by one, and how long after each other, to see how long each waits. */
export const PACED = 200;
export const PACE_MS = 3;

export function figuresOf({
  perSecond,
  waits,
}: {
  readonly perSecond: number;
  readonly waits: number[];
}): Figures {
  const sorted = waits.toSorted((a, b) => a - b);
  return { "a second": perSecond, "p50 ms": quantile(sorted, 0.5), "p99 ms": quantile(sorted, 0.99) };
}
