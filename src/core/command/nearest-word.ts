/**
 * The candidate that was probably meant, for a "did you mean": at most a third of the letters differ (Damerau–
 * Levenshtein distance, where two swapped neighbours are one mistake), or one begins with the other. null: none is near.
 */
export function nearestWord(word: string, candidates: readonly string[]): string | null {
  // What is longer than any name is no slip of the finger, and must not cost time.
  const typed = word.slice(0, 40).toLowerCase();
  let best: { readonly candidate: string; readonly distance: number } | null = null;
  for (const candidate of candidates) {
    const distance = distanceBetween(typed, candidate.toLowerCase());
    if (distance <= allowance(typed, candidate) && (best === null || distance < best.distance)) {
      best = { candidate, distance };
    }
  }
  return best?.candidate ?? null;
}

function allowance(typed: string, candidate: string): number {
  const shorter = Math.min(typed.length, candidate.length);
  const isBeginning = shorter >= 3 && (candidate.startsWith(typed) || typed.startsWith(candidate));
  return isBeginning ? Math.abs(candidate.length - typed.length) : Math.max(1, Math.floor(shorter / 3));
}

function distanceBetween(one: string, other: string): number {
  let beforeLast: number[] = [];
  let last = Array.from({ length: other.length + 1 }, (_, index) => index);
  for (let i = 1; i <= one.length; i += 1) {
    const row = [i];
    for (let j = 1; j <= other.length; j += 1) {
      const same = one[i - 1] === other[j - 1];
      const swapped = i > 1 && j > 1 && one[i - 1] === other[j - 2] && one[i - 2] === other[j - 1];
      row[j] = Math.min(
        (last[j] ?? 0) + 1,
        (row[j - 1] ?? 0) + 1,
        (last[j - 1] ?? 0) + (same ? 0 : 1),
        swapped ? (beforeLast[j - 2] ?? 0) + 1 : Infinity,
      );
    }
    beforeLast = last;
    last = row;
  }
  return last[other.length] ?? 0;
}
