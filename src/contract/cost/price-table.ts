/** What a million tokens cost, in micro-dollars; null where the source names no price of that kind. */
export type Prices = {
  /** Input that was neither read from a cache nor written to one. */
  readonly input: number;
  readonly cacheRead: number;
  /** For the shortest time that the vendor keeps a cache. */
  readonly cacheWrite: number | null;
  /** Reasoning included. */
  readonly output: number;
};

export type PriceRow = {
  /** As the vendor's API calls it, without the date of a snapshot. */
  readonly model: string;
  readonly prices: Prices;
  /** Where the prices stand. */
  readonly source: string;
  /** When they were read there. */
  readonly readOn: string;
};

const CLAUDE = "https://platform.claude.com/docs/en/about-claude/pricing";
/** The pages of single models were at hand in this language. */
const CLAUDE_MODELS = "https://platform.claude.com/docs/zh-CN/models";
const OPENAI_MODELS = "https://developers.openai.com/api/docs/models";

/** Dollars with at most two places as micro-dollars, without a fraction on the way. */
function cents(hundredths: number): number {
  return hundredths * 10_000;
}

const OPUS_4_5: Prices = {
  input: cents(500),
  cacheRead: cents(50),
  cacheWrite: cents(625),
  output: cents(2_500),
};

/**
 * Only what its vendor's own page says, for standard requests. A model whose price depends on the length of each
 * prompt is not here, since a session's sums do not tell how long its prompts were; nor is one whose page was not at
 * hand. docs/cost.md says how to add one.
 */
export const PRICE_TABLE: readonly PriceRow[] = [
  {
    model: "claude-opus-5-5",
    prices: { input: cents(400), cacheRead: cents(20), cacheWrite: cents(500), output: cents(2_000) },
    source: `${CLAUDE_MODELS}/opus-5-5/overview`,
    readOn: "2026-11-21",
  },
  ...["claude-opus-5", "claude-opus-4-8", "claude-opus-4-7", "claude-opus-4-6", "claude-opus-4-5"].map(
    (model) => ({
      model,
      prices: OPUS_4_5,
      source: CLAUDE,
      readOn: "2026-11-21",
    }),
  ),
  {
    model: "claude-opus-4-1",
    prices: { input: cents(1_500), cacheRead: cents(150), cacheWrite: cents(1_875), output: cents(7_500) },
    source: CLAUDE,
    readOn: "2026-11-21",
  },
  {
    model: "claude-sonnet-5",
    prices: { input: cents(200), cacheRead: cents(20), cacheWrite: cents(250), output: cents(1_000) },
    source: `${CLAUDE_MODELS}/sonnet-5/overview`,
    readOn: "2026-11-21",
  },
  {
    model: "gpt-5-codex",
    prices: { input: cents(125), cacheRead: 125_000, cacheWrite: null, output: cents(1_000) },
    source: `${OPENAI_MODELS}/gpt-5-codex`,
    readOn: "2026-11-21",
  },
  {
    model: "gpt-5-nano",
    prices: { input: cents(5), cacheRead: 5_000, cacheWrite: null, output: cents(40) },
    source: `${OPENAI_MODELS}/gpt-5-nano`,
    readOn: "2026-11-21",
  },
];

/** The row of a model by its name, or by its name with a snapshot's date behind it. */
export function findPrices(model: string): PriceRow | null {
  const name = withoutSnapshot(model);
  return PRICE_TABLE.find((row) => row.model === name) ?? null;
}

/** A model's name without the date of a snapshot. */
export function withoutSnapshot(model: string): string {
  return model.replace(/-(?:\d{8}|\d{4}-\d{2}-\d{2})$/u, "");
}
