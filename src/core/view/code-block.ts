import { shorten } from "./inline-text.ts";
import { withoutTerminalCodes } from "./terminal-codes.ts";

/**
 * Text as a fenced block that nothing in it can end: the fence is longer than any run of backticks inside. Terminal
 * colours and control characters are left out.
 */
export function codeBlock(text: string): string {
  const clean = withoutTerminalCodes(text).replace(/^\n+|\s+$/gu, "");
  const longest = (clean.match(/`{3,}/gu) ?? []).reduce((most, run) => Math.max(most, run.length), 2);
  const fence = "`".repeat(longest + 1);
  return `${fence}text\n${clean}\n${fence}`;
}

/** The end of a log, since that is where it says what went wrong: whole lines, at most `limit` characters. */
export function logTail(text: string, limit: number): string {
  if (text.length <= limit) return text;
  const tail = text.slice(-limit).replace(/^[\uDC00-\uDFFF]/, "");
  const firstBreak = tail.indexOf("\n");
  // A single endless line has no beginning worth waiting for.
  return `…\n${firstBreak === -1 ? shorten(tail, limit) : tail.slice(firstBreak + 1)}`;
}
