import { findPrices } from "../../contract/cost/price-table.ts";
import { priceUsage } from "../../contract/cost/price-usage.ts";
import type { Usage } from "../../contract/usage.ts";
import type { Counted } from "./count-answer.ts";
import { addTokens, NO_TOKENS, toUsage, type TokenCount } from "./token-count.ts";

/** What went over the wire, as counted by us. */
export type WireUsage = {
  /** Answers that cost something. */
  readonly requests: number;
  /** Those of them that ended without their figures, so that these are from their length. */
  readonly estimated: number;
  /** All of them together; its model is null where there were several. Null when there was none. */
  readonly usage: Usage | null;
  /** Null where one of the models has no price. */
  readonly costMicroUsd: number | null;
};

export interface UsageMeter {
  /** `asked` is the model as the request named it. */
  record(asked: string, counted: Counted): void;
  total(): WireUsage;
  /** What the budget is held against, micro-dollars: never less than the table's price. */
  spentMicroUsd(): number;
}

export function createUsageMeter(): UsageMeter {
  const byModel = new Map<string, TokenCount>();
  let requests = 0;
  let estimated = 0;
  return {
    record(asked, counted) {
      const model = modelToPrice(asked, counted.model);
      requests += 1;
      if (counted.isEstimate) estimated += 1;
      byModel.set(model, addTokens(byModel.get(model) ?? NO_TOKENS, counted.tokens));
    },
    total() {
      const models = [...byModel];
      const [only] = models;
      const sum = models.reduce((total, [, tokens]) => addTokens(total, tokens), NO_TOKENS);
      return {
        requests,
        estimated,
        usage: only === undefined ? null : toUsage(sum, models.length === 1 ? only[0] : null),
        costMicroUsd: only === undefined ? null : costOf(models),
      };
    },
    spentMicroUsd: () => [...byModel].reduce((sum, [model, tokens]) => sum + upperCost(model, tokens), 0),
  };
}

/** A vendor answers with the snapshot's name, a gateway perhaps with one of its own. */
function modelToPrice(asked: string, answered: string | null): string {
  return answered !== null && findPrices(answered) !== null ? answered : asked;
}

function costOf(models: readonly (readonly [string, TokenCount])[]): number | null {
  const costs = models.map(([model, tokens]) => priceUsage(toUsage(tokens, model)).costMicroUsd);
  return costs.reduce<number | null>((sum, cost) => (sum === null || cost === null ? null : sum + cost), 0);
}

/** What vendors take for keeping a cache for an hour, and no less than they take for writing one at all. */
const LONG_CACHE_WRITE_FACTOR = 2;

/**
 * Writes to a cache that is kept for longer, and those for which the table has no price, at twice the price of input.
 * A model without any price is no reason to go on: with a budget it is not asked in the first place.
 */
function upperCost(model: string, tokens: TokenCount): number {
  const row = findPrices(model);
  if (row === null) return 0;
  const dear = row.prices.cacheWrite === null ? tokens.cacheWrite : tokens.longCacheWrite;
  const dearTokens = Math.min(dear, tokens.cacheWrite);
  const rest = toUsage({ ...tokens, cacheWrite: tokens.cacheWrite - dearTokens, longCacheWrite: 0 }, model);
  const dearCost = (dearTokens * row.prices.input * LONG_CACHE_WRITE_FACTOR) / 1_000_000;
  return (priceUsage(rest).costMicroUsd ?? 0) + Math.ceil(dearCost);
}
