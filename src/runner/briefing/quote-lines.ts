/**
 * Somebody else's text with a mark before each of its lines. No text can end such a quotation: whatever its lines
 * claim to be, a fence's end, a heading or somebody's turn, they stand behind the mark.
 */
export function quoteLines(text: string): string {
  return text
    .split(/\r\n?|[\n\u000b\u000c\u0085\u2028\u2029]/u)
    .map((line) => (line === "" ? ">" : `> ${line}`))
    .join("\n");
}
