/** Several measurements of one thing. */
export type Spread = { readonly median: number; readonly lowest: number; readonly highest: number };

/** Throws on no values at all: a median of nothing is a mistake in the benchmark. */
export function spreadOf(values: readonly number[]): Spread {
  const sorted = values.toSorted((a, b) => a - b);
  const lowest = sorted[0];
  const highest = sorted.at(-1);
  if (lowest === undefined || highest === undefined) throw new Error("There is nothing to take a median of.");
  return { median: quantile(sorted, 0.5), lowest, highest };
}

/** Linear between the two nearest; `sorted` ascends and has one value at least. */
export function quantile(sorted: ArrayLike<number>, share: number): number {
  const place = (sorted.length - 1) * share;
  const below = sorted[Math.floor(place)];
  const above = sorted[Math.ceil(place)];
  if (below === undefined || above === undefined) throw new Error("There is nothing to take a quantile of.");
  return below + (above - below) * (place - Math.floor(place));
}
