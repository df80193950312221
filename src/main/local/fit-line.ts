const PIECE = /\u001b\[[\d;]*m|[^\u001b]/gu;

/**
 * The text cut to a width, with "…" at the cut; codes that colour take no room and all stay, so that none is left on.
 * Every other character counts as one column.
 */
export function fitLine(text: string, columns: number): string {
  const pieces = text.match(PIECE) ?? [];
  const length = pieces.filter((piece) => !isCode(piece)).length;
  if (length <= columns) return text;
  let room = columns - 1;
  let isCut = false;
  const kept = pieces.map((piece) => {
    if (isCode(piece)) return piece;
    if (room > 0) {
      room -= 1;
      return piece;
    }
    if (isCut || columns < 1) return "";
    isCut = true;
    return "…";
  });
  return kept.join("");
}

function isCode(piece: string): boolean {
  return piece.length > 1 && piece.startsWith("\u001b");
}
