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
    byKind: () => new Map([...counts].sort(([a, n], [b, m]) => m - n || a.localeCompare(b))),
    total: () => [...counts.values()].reduce((sum, count) => sum + count, 0),
  };
}
