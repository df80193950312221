import { readFile } from "node:fs/promises";
import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { withRegion } from "../../../test/support/docs-region.ts";
import { Usage } from "../usage.ts";
import { findPrices, PRICE_TABLE } from "./price-table.ts";
import { priceUsage } from "./price-usage.ts";

function usage(change: Partial<Usage>): Usage {
  return Usage.parse({ model: "claude-sonnet-5", inputTokens: 0, outputTokens: 0, ...change });
}

describe("what tokens cost", () => {
  test("prices each kind for itself", () => {
    const priced = priceUsage(
      usage({
        inputTokens: 100_000,
        cacheReadInputTokens: 80_000,
        cacheCreationInputTokens: 15_000,
        outputTokens: 2_000,
      }),
    );
    // 5,000 × $2, 80,000 × $0.20, 15,000 × $2.50 and 2,000 × $10 a million.
    expect(priced).toEqual({ costMicroUsd: 10_000 + 16_000 + 37_500 + 20_000, unpriced: null });
  });

  test("rounds the sum once, half a micro-dollar up", () => {
    const nano = { model: "gpt-5-nano" };
    // 0.05 of a micro-dollar for each token of input, 0.4 for each of output.
    expect(priceUsage(usage({ ...nano, inputTokens: 10 })).costMicroUsd).toBe(1);
    expect(priceUsage(usage({ ...nano, inputTokens: 9 })).costMicroUsd).toBe(0);
    expect(priceUsage(usage({ ...nano, inputTokens: 2, outputTokens: 1 })).costMicroUsd).toBe(1);
  });

  test("is exact for what no session uses up", () => {
    const tokens = 1_000_000_000_000;
    expect(priceUsage(usage({ inputTokens: tokens, outputTokens: tokens })).costMicroUsd).toBe(12 * tokens);
  });

  test("of two sessions together is what they cost, but for the rounding", () => {
    const some = fc.record({
      cacheReadInputTokens: fc.nat(),
      cacheCreationInputTokens: fc.nat(),
      fresh: fc.nat(),
      outputTokens: fc.nat(),
    });
    const of = ({ fresh, ...tokens }: { fresh: number } & Omit<Usage, "inputTokens" | "model">): Usage =>
      usage({
        ...tokens,
        inputTokens: fresh + tokens.cacheReadInputTokens + tokens.cacheCreationInputTokens,
      });
    fc.assert(
      fc.property(some, some, (one, other) => {
        const both = Object.fromEntries(
          Object.keys(one).map((key) => [key, one[key as keyof typeof one] + other[key as keyof typeof one]]),
        ) as typeof one;
        const [a = 0, b = 0, sum = 0] = [one, other, both].map((each) =>
          Number(priceUsage(of(each as Parameters<typeof of>[0])).costMicroUsd),
        );
        expect(Math.abs(a + b - sum)).toBeLessThanOrEqual(1);
      }),
    );
  });

  test.each<[string, Partial<Usage>, string]>([
    ["a model that is not in the table", { model: "made-up-1" }, 'The price table has no model "made-up-1".'],
    ["a model that is not named", { model: null }, "The agent did not say which model it used."],
    [
      "a cache without a price",
      { model: "gpt-5-codex", inputTokens: 1, cacheCreationInputTokens: 1 },
      "The price table has no price for what gpt-5-codex writes to a cache.",
    ],
  ])("is not guessed for %s", (_what, change, unpriced) => {
    expect(priceUsage(usage(change))).toEqual({ costMicroUsd: null, unpriced });
  });
});

describe("the price table", () => {
  test.each(PRICE_TABLE)(
    "has integers, a source and a date for $model",
    ({ model, prices, source, readOn }) => {
      for (const price of Object.values(prices)) expect(price === null || Number.isInteger(price)).toBe(true);
      expect(source).toMatch(/^https:\/\/(?:platform\.claude\.com|developers\.openai\.com)\//);
      expect(new Date(`${readOn}T00:00:00Z`).toISOString()).toContain(readOn);
      expect(prices.cacheRead).toBeLessThan(prices.input);
      expect(PRICE_TABLE.filter((row) => row.model === model)).toHaveLength(1);
    },
  );

  test("finds a snapshot by its model's name, and no other model by a beginning", () => {
    expect(findPrices("claude-opus-4-5-20251101")?.model).toBe("claude-opus-4-5");
    expect(findPrices("gpt-5-nano-2025-08-07")?.model).toBe("gpt-5-nano");
    expect(findPrices("claude-opus-4-5-fast")).toBeNull();
    expect(findPrices("claude-opus-4")).toBeNull();
  });
});

/** `vitest run src/contract/cost --update` brings the page up to date. */
test("docs/cost.md has the whole table", async () => {
  const dollars = (price: number | null): string => (price === null ? "unknown" : String(price / 1_000_000));
  const rows = PRICE_TABLE.map(({ model, prices, source, readOn }) => {
    const cells = [prices.input, prices.cacheRead, prices.cacheWrite, prices.output].map(dollars);
    return `| \`${model}\` | ${cells.join(" | ")} | [${readOn}](${source}) |`;
  });
  const table = [
    "| Model | Input | Cache read | Cache write | Output | Read on |",
    "| --- | --- | --- | --- | --- | --- |",
  ];
  const path = new URL("../../../docs/cost.md", import.meta.url);
  const page = await withRegion(await readFile(path, "utf8"), "prices", [...table, ...rows].join("\n"));
  await expect(page).toMatchFileSnapshot(path.pathname);
});

test("usage as it was reported before caches were told apart is still read", () => {
  expect(Usage.parse({ inputTokens: 7, outputTokens: 3, costMicroUsd: 12 })).toEqual({
    model: null,
    inputTokens: 7,
    cacheReadInputTokens: 0,
    cacheCreationInputTokens: 0,
    outputTokens: 3,
    reasoningOutputTokens: null,
    costMicroUsd: 12,
  });
  expect(Usage.safeParse({ inputTokens: 1, cacheReadInputTokens: 2, outputTokens: 0 }).success).toBe(false);
});
