import type { Failure } from "../task/state.ts";
import { codeBlock, logTail } from "./code-block.ts";
import { inlineCode, inlineText } from "./inline-text.ts";

const SHOWN_TESTS = 20;

/** Why something failed, as Markdown: the sentence, the failing tests, the end of the log (at most `logLimit`). */
export function failureText(failure: Failure, logLimit: number): string {
  const parts = [inlineText(failure.summary, 1_000)];
  if (failure.failingTests.length > 0) {
    const shown = failure.failingTests.slice(0, SHOWN_TESTS).map((name) => `- ${inlineCode(name, 200)}`);
    const rest = failure.failingTests.length - shown.length;
    parts.push([...shown, ...(rest > 0 ? [`- and ${rest} more`] : [])].join("\n"));
  }
  if (failure.logTail.trim() !== "") parts.push(codeBlock(logTail(failure.logTail, logLimit)));
  return parts.join("\n\n");
}
