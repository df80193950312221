import { withoutTerminalCodes } from "./terminal-codes.ts";

/**
 * Texts that users or agents wrote, made safe to stand within ours: nothing in them formats, links, closes an issue
 * or calls anybody.
 */

const ZERO_WIDTH_SPACE = "\u200b";

/** One line of plain text: control, invisible and direction-changing characters gone, at most `limit` characters. */
export function plainLine(text: string, limit: number): string {
  const line = withoutTerminalCodes(text)
    .replace(/[\p{Cc}\u2028\u2029]+/gu, " ")
    .replace(/[\p{Cf}\p{Co}\p{Cs}]/gu, (char) => (char === "\u200d" ? char : ""))
    .replace(/ {2,}/gu, " ")
    .trim();
  return shorten(line, limit);
}

/** The text as one line of Markdown that shows exactly it, wherever in a line it stands. */
export function inlineText(text: string, limit: number): string {
  const escaped = plainLine(text, limit)
    .replace(/[\\`*_[\]|~$]/gu, "\\$&")
    .replace(/&/gu, "&amp;")
    .replace(/</gu, "&lt;")
    .replace(/^[#+=>-]/u, "\\$&")
    .replace(/^(\d{1,9})([.)])/u, "$1\\$2");
  return neutralized(escaped);
}

/** As code, which pings nobody and formats nothing; a login, a digest, a path. */
export function inlineCode(text: string, limit: number): string {
  const line = plainLine(text, limit);
  const longest = Math.max(0, ...(line.match(/`+/gu) ?? []).map((run) => run.length));
  const ticks = "`".repeat(longest + 1);
  const pad = line.startsWith("`") || line.endsWith("`") || line === "" ? " " : "";
  return `${ticks}${pad}${line}${pad}${ticks}`;
}

/**
 * Keeps names from being called and issues from being referred to or closed, wherever GitHub reads plain text: check
 * and pull request titles, commit messages. An invisible space after "@" and "#" is what undoes both.
 */
export function neutralized(text: string): string {
  return text
    .replace(/@(?=[A-Za-z0-9_])/gu, `@${ZERO_WIDTH_SPACE}`)
    .replace(/#(?=\d)/gu, `#${ZERO_WIDTH_SPACE}`)
    .replace(/\b(gh-)(?=\d)/giu, `$1${ZERO_WIDTH_SPACE}`)
    .replace(/(\/(?:issues|pull)\/)(?=\d)/giu, `$1${ZERO_WIDTH_SPACE}`);
}

/** At most `limit` UTF-16 units, cut between characters, with an ellipsis where something is missing. */
export function shorten(text: string, limit: number): string {
  if (text.length <= limit) return text;
  const cut = text.slice(0, Math.max(0, limit - 1));
  return `${cut.replace(/[\uD800-\uDBFF]$/, "")}…`;
}
