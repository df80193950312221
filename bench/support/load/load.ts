/** What one run of the load generator sends: comments that command, spread over the issues of one repository. */
export type Load = {
  readonly port: number;
  readonly path: string;
  readonly secret: string;
  readonly repositoryId: number;
  /** Issues 1 to this; each is told `/hold` and `/resume` in turn. */
  readonly issues: number;
  /** Of each webhook; what a repository with long descriptions, users and labels sends is some 20 kB. */
  readonly bodyBytes: number;
  readonly seconds: number;
  readonly pace: Pace;
};

export type Pace =
  /** Every connection sends as soon as it has its answer. */
  | { readonly kind: "closed"; readonly connections: number }
  /** So many a second whatever the answers do, on as many connections as that takes, up to a thousand. */
  | { readonly kind: "open"; readonly perSecond: number };

export type LoadResult = {
  /** Answers by status; 0 counts those that never came, or were due while every connection waited for one. */
  readonly statuses: Readonly<Record<number, number>>;
  /** `Date.now()` at the first request, and from there to the last answer. */
  readonly startedAt: number;
  readonly elapsedMs: number;
  /** Of every answer, in milliseconds. */
  readonly p50: number;
  readonly p99: number;
  /** What the generator itself needed of a processor, 1 for all of it: near that, it is what was measured. */
  readonly processor: number;
};
