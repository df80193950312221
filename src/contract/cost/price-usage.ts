import type { Usage } from "../usage.ts";
import { findPrices, type Prices } from "./price-table.ts";

/** What tokens cost by the table, in micro-dollars; null with a sentence that says why it is not known. */
export type Priced =
  | { readonly costMicroUsd: number; readonly unpriced: null }
  | { readonly costMicroUsd: null; readonly unpriced: string };

const MILLION = 1_000_000n;

/**
 * Prices a session's tokens, each kind for itself. The sum is exact and is rounded once, half a micro-dollar up. What
 * is not in the table is not guessed.
 */
export function priceUsage(usage: Usage): Priced {
  if (usage.model === null) return unpriced("The agent did not say which model it used.");
  const row = findPrices(usage.model);
  if (row === null) return unpriced(`The price table has no model ${JSON.stringify(usage.model)}.`);
  const { cacheWrite } = row.prices;
  if (cacheWrite === null && usage.cacheCreationInputTokens > 0) {
    return unpriced(`The price table has no price for what ${row.model} writes to a cache.`);
  }
  return { costMicroUsd: costOf(usage, row.prices), unpriced: null };
}

function costOf(usage: Usage, prices: Prices): number {
  const { inputTokens, cacheReadInputTokens, cacheCreationInputTokens, outputTokens } = usage;
  const parts: readonly (readonly [tokens: number, price: number])[] = [
    [inputTokens - cacheReadInputTokens - cacheCreationInputTokens, prices.input],
    [cacheReadInputTokens, prices.cacheRead],
    [cacheCreationInputTokens, prices.cacheWrite ?? 0],
    [outputTokens, prices.output],
  ];
  const sum = parts.reduce((total, [tokens, price]) => total + BigInt(tokens) * BigInt(price), 0n);
  return Number((sum + MILLION / 2n) / MILLION);
}

function unpriced(why: string): Priced {
  return { costMicroUsd: null, unpriced: why };
}
