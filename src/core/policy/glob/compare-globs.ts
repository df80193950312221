import type { GlobPattern, Segment, Token } from "./parse-glob.ts";
import { literalPattern, matchSegments, matchTokens, patternsOf } from "./match-glob.ts";

/** One way in which it can be meant; `path` is there where it is plain, which makes comparing it matching it. */
type Reading = { readonly pattern: GlobPattern; readonly path: readonly (readonly string[])[] | null };

/** A glob or a path as somebody wrote it, in all the ways that it can be meant. */
export type Planned = readonly Reading[];

/** A name like `app/[id]/page.ts` is a glob and a path; one without wildcards is only a path. */
export function readPlanned(text: string): Planned {
  const globs = /[*?[\]{}\\]/.test(text) ? patternsOf(text) : [];
  return [...globs, literalPattern(text)].map((pattern) => ({ pattern, path: pathOf(pattern) }));
}

function pathOf(pattern: GlobPattern): readonly (readonly string[])[] | null {
  const segments = pattern.map((segment) => (segment.kind === "tokens" ? literalOf(segment.tokens) : null));
  return segments.every((segment) => segment !== null) ? segments : null;
}

/**
 * Whether some path can match both. Errs towards yes: two wildcards in one segment count as overlapping unless their
 * plain beginnings or ends differ.
 */
export function overlaps(planned: Planned, globs: readonly GlobPattern[]): boolean {
  return planned.some((reading) => globs.some((glob) => patternsOverlap(reading, glob)));
}

/** Whether every path that `planned` can match, however it is meant, is matched by one of the globs. Errs towards no. */
export function isCovered(planned: Planned, globs: readonly GlobPattern[]): boolean {
  return planned.every((reading) => globs.some((glob) => isCoveredBy(reading, glob)));
}

type Meet = (one: Segment, other: Segment) => boolean;

function patternsOverlap({ pattern, path }: Reading, glob: GlobPattern): boolean {
  if (path) return matchSegments(glob, path);
  return walk(pattern, glob, { meet: segmentsOverlap, bothStretch: true });
}

function isCoveredBy({ pattern, path }: Reading, glob: GlobPattern): boolean {
  if (path) return matchSegments(glob, path);
  return walk(pattern, glob, { meet: segmentCovered, bothStretch: false });
}

/**
 * Aligns two patterns segment by segment. A globstar of `other` takes any number of segments of `one`; one of `one`
 * does so only where both may stretch, for a path is to be found that suits both; elsewhere `other` must take it.
 * `memo` keeps it to the product of their lengths.
 */
function walk(
  one: GlobPattern,
  other: GlobPattern,
  how: { readonly meet: Meet; readonly bothStretch: boolean },
): boolean {
  const width = other.length + 1;
  const memo = new Map<number, boolean>();
  const from = (i: number, j: number): boolean => {
    const key = i * width + j;
    const known = memo.get(key);
    if (known !== undefined) return known;
    const answer = step(i, j);
    memo.set(key, answer);
    return answer;
  };
  const step = (i: number, j: number): boolean => {
    const a = one[i];
    const b = other[j];
    if (a === undefined && b === undefined) return true;
    if (b?.kind === "globstar" && (from(i, j + 1) || (a !== undefined && from(i + 1, j)))) return true;
    if (a?.kind === "globstar") {
      return how.bothStretch && (from(i + 1, j) || (b !== undefined && from(i, j + 1)));
    }
    if (a === undefined || b === undefined || b.kind === "globstar") return false;
    return how.meet(a, b) && from(i + 1, j + 1);
  };
  return from(0, 0);
}

function segmentsOverlap(one: Segment, other: Segment): boolean {
  if (one.kind === "globstar" || other.kind === "globstar") return true;
  const [a, b] = [literalOf(one.tokens), literalOf(other.tokens)];
  if (a) return matchTokens(other.tokens, a);
  if (b) return matchTokens(one.tokens, b);
  return endsAgree(one.tokens, other.tokens) && endsAgree(one.tokens.toReversed(), other.tokens.toReversed());
}

/** Whether the plain beginnings agree for as long as both last. */
function endsAgree(one: readonly Token[], other: readonly Token[]): boolean {
  for (let at = 0; ; at += 1) {
    const [a, b] = [one[at], other[at]];
    if (a?.kind !== "literal" || b?.kind !== "literal") return true;
    if (a.char !== b.char) return false;
  }
}

function segmentCovered(inner: Segment, outer: Segment): boolean {
  if (outer.kind === "globstar") return true;
  if (inner.kind === "globstar") return false;
  const literal = literalOf(inner.tokens);
  if (literal) return matchTokens(outer.tokens, literal);
  if (outer.tokens.length === 1 && outer.tokens[0]?.kind === "star") return true;
  return JSON.stringify(inner.tokens) === JSON.stringify(outer.tokens);
}

function literalOf(tokens: readonly Token[]): readonly string[] | null {
  const chars = tokens.map((token) => (token.kind === "literal" ? token.char : null));
  return chars.every((char) => char !== null) ? chars : null;
}
