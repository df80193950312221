/** One request as it went over the wire; a request that was tried again counts again. */
export type SentRequest = {
  /** As `routeKind` gives it: `POST /repos/:repo/issues/:id/labels`. */
  readonly kind: string;
  /** null when the line was torn or nothing came in time. 304 answers cost nothing of the rate limit. */
  readonly status: number | null;
  readonly durationMs: number;
  /** null for requests as the App itself. */
  readonly installationId: number | null;
};

export type RequestCounter = {
  readonly observe: (request: SentRequest) => void;
  /** How many requests were sent, by kind, the most frequent first. */
  readonly byKind: () => ReadonlyMap<string, number>;
  readonly total: () => number;
};

export function createRequestCounter(): RequestCounter {
  const counts = new Map<string, number>();
  return {
    observe: ({ kind }) => counts.set(kind, (counts.get(kind) ?? 0) + 1),
    byKind: () => mostFrequentFirst(counts),
    total: () => [...counts.values()].reduce((sum, count) => sum + count, 0),
  };
}

export function addCounts(
  one: ReadonlyMap<string, number>,
  other: ReadonlyMap<string, number>,
): ReadonlyMap<string, number> {
  const sums = new Map(one);
  for (const [kind, count] of other) sums.set(kind, (sums.get(kind) ?? 0) + count);
  return mostFrequentFirst(sums);
}

function mostFrequentFirst(counts: ReadonlyMap<string, number>): ReadonlyMap<string, number> {
  return new Map([...counts].sort(([a, n], [b, m]) => m - n || a.localeCompare(b)));
}
