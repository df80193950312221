import type { Explanation } from "../policy/explanation.ts";
import { inlineText } from "./inline-text.ts";

/** An explained rule as a nested Markdown list: what is met, what is missing, and why. */
export function explanationList(explanation: Explanation, depth = 0): string {
  const mark = explanation.satisfied ? "✅" : "⬜";
  const line = `${"  ".repeat(depth)}- ${mark} **${explanation.name}**: ${inlineText(explanation.why, 500)}`;
  return [line, ...explanation.children.map((child) => explanationList(child, depth + 1))].join("\n");
}
