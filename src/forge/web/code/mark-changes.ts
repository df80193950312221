/** A line in three parts: what both versions start with, what differs, what both end with. */
export interface MarkedLine {
  before: string;
  changed: string;
  after: string;
}

/** Below this share of common text two lines are different lines rather than one that was changed. */
const leastCommonShare = 0.35;

/** Finds what differs between a removed line and the added one that replaces it; null when they share too little. */
export function markChanges(
  removed: string,
  added: string,
): { removed: MarkedLine; added: MarkedLine } | null {
  const shorter = Math.min(removed.length, added.length);
  let start = 0;
  while (start < shorter && removed[start] === added[start]) start += 1;
  let end = 0;
  while (end < shorter - start && removed.at(-1 - end) === added.at(-1 - end)) end += 1;
  const common = removed.slice(0, start).trim().length + removed.slice(removed.length - end).trim().length;
  if (common < Math.max(removed.trim().length, added.trim().length) * leastCommonShare) return null;
  return { removed: split(removed, start, end), added: split(added, start, end) };
}

function split(line: string, start: number, end: number): MarkedLine {
  const stop = line.length - end;
  return { before: line.slice(0, start), changed: line.slice(start, stop), after: line.slice(stop) };
}
