import type { AttemptUsage, Spending } from "../task/state.ts";
import { inlineCode, inlineText } from "./inline-text.ts";

type Tokens = Pick<AttemptUsage, "inputTokens" | "outputTokens">;

/** As much as a comment has room for; the sums are of all. */
const SHOWN_ATTEMPTS = 50;

/** Each attempt's tokens and cost as a Markdown table, the newest of them, and why a cost is not known. */
export function spendingTable(spending: readonly Spending[]): string {
  const rows = spending.slice(-SHOWN_ATTEMPTS).map((spent) => {
    const model = spent.model === null ? "" : inlineCode(spent.model, 100);
    const input = `${showCount(spent.inputTokens)} (${showCount(spent.cacheReadTokens)} from a cache)`;
    const cells = [spent.stage, spent.number, model, input, showCount(spent.outputTokens), costOf(spent)];
    return `| ${cells.join(" | ")} |`;
  });
  const reasons = new Set(spending.flatMap(({ unpriced }) => (unpriced === null ? [] : [unpriced])));
  return [
    "| Stage | Attempt | Model | Input | Output | Cost |",
    "| --- | --- | --- | --- | --- | --- |",
    ...rows,
    ...[...reasons].flatMap((reason) => ["", inlineText(reason, 300)]),
  ].join("\n");
}

/** All attempts' tokens and cost in a few words; what is not known is never counted as nothing. */
export function sumOf(spending: readonly Spending[]): string {
  const sum = (key: keyof Tokens): number => spending.reduce((total, spent) => total + spent[key], 0);
  const known = spending.flatMap(({ costMicroUsd }) => (costMicroUsd === null ? [] : [costMicroUsd]));
  const unknown = spending.length - known.length;
  const tokens = countTokens({ inputTokens: sum("inputTokens"), outputTokens: sum("outputTokens") });
  if (known.length === 0) return `unknown, for ${tokens}`;
  const cost = showMicroUsd(known.reduce((total, each) => total + each, 0));
  const rest = unknown === 0 ? "" : ` and what ${unknown === 1 ? "one attempt" : `${unknown} attempts`} cost`;
  return `${cost}${rest}, for ${tokens}`;
}

export function countTokens({ inputTokens, outputTokens }: Tokens): string {
  return `${showCount(inputTokens)} tokens in and ${showCount(outputTokens)} out`;
}

/** By our table, and beside it what the agent's program says where that is something else. */
export function costOf({ costMicroUsd, reportedMicroUsd }: AttemptUsage): string {
  const ours = costMicroUsd === null ? "unknown" : showMicroUsd(costMicroUsd);
  if (reportedMicroUsd === null || reportedMicroUsd === costMicroUsd) return ours;
  return `${ours} (${showMicroUsd(reportedMicroUsd)} by the agent's program)`;
}

/** Micro-dollars as dollars with four places, rounded half up, in integers throughout. */
function showMicroUsd(microUsd: number): string {
  const parts = Math.floor(microUsd / 100) + (microUsd % 100 >= 50 ? 1 : 0);
  return `$${showCount(Math.floor(parts / 10_000))}.${String(parts % 10_000).padStart(4, "0")}`;
}

function showCount(count: number): string {
  return String(count).replace(/\B(?=(?:\d{3})+$)/gu, ",");
}
