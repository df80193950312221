import { findPrices } from "../../contract/cost/price-table.ts";
import { BYTES_PER_TOKEN } from "./count-answer.ts";
import type { RequestBody } from "./request-body.ts";
import type { WireProtocol } from "./wire-protocol.ts";

/** The most that a request may cost, as far as its length and its own limit say, in micro-dollars; else infinite. */
export function expectCost(protocol: WireProtocol, { json, bytes }: RequestBody, model: string): number {
  const prices = findPrices(model)?.prices;
  const mostOutput = protocol.mostOutput(json);
  if (prices === undefined || mostOutput === null) return Number.POSITIVE_INFINITY;
  const input = (bytes.length / BYTES_PER_TOKEN) * Math.max(prices.input, prices.cacheWrite ?? 0);
  return Math.ceil((input + mostOutput * prices.output) / 1_000_000);
}
