import type { GlobPattern, Segment, Token } from "./parse-glob.ts";
import { parseGlob } from "./parse-glob.ts";

/** Decides whether a path matches. Built once per list of globs, for every path of a change. */
export type PathMatcher = (path: string) => boolean;

/**
 * Matches a path that any of the globs matches. A glob that cannot be read matches the path that it spells, so that
 * the name of a file is always at least a glob for itself. `ignoreCase`: for what must be refused on every file
 * system, however its name is written.
 */
export function matcherOf(
  globs: readonly string[],
  options: { readonly ignoreCase?: boolean } = {},
): PathMatcher {
  const fold = options.ignoreCase === true ? (text: string) => text.toLowerCase() : (text: string) => text;
  const patterns = globs.flatMap((glob) => patternsOf(fold(glob)));
  return (path) => {
    const segments = fold(path).split("/").map(charsOf);
    return patterns.some((pattern) => matchSegments(pattern, segments));
  };
}

/** The patterns of a glob; of an unreadable one, the literal path. */
export function patternsOf(glob: string): readonly GlobPattern[] {
  const parsed = parseGlob(glob);
  return parsed.ok ? parsed.value : [literalPattern(glob)];
}

/** The pattern that matches this one path and nothing else. */
export function literalPattern(path: string): GlobPattern {
  return path.split("/").map((segment) => ({
    kind: "tokens",
    tokens: charsOf(segment).map((char) => ({ kind: "literal", char })),
  }));
}

function charsOf(text: string): readonly string[] {
  return Array.from(text);
}

/**
 * Whether a pattern matches a path, given as the characters of its segments. Goes row by row over the pattern: which
 * beginnings of the path can what came so far have matched?
 */
export function matchSegments(pattern: GlobPattern, path: readonly (readonly string[])[]): boolean {
  let reachable = [true, ...path.map(() => false)];
  for (const segment of pattern) {
    reachable = advance(reachable, segment, path);
    if (!reachable.includes(true)) return false;
  }
  return reachable.at(-1) === true;
}

function advance(
  reachable: readonly boolean[],
  segment: Segment,
  path: readonly (readonly string[])[],
): boolean[] {
  if (segment.kind === "globstar") {
    const first = reachable.indexOf(true);
    return reachable.map((_, index) => first !== -1 && index >= first);
  }
  return reachable.map((_, index) => {
    const chars = path[index - 1];
    return chars !== undefined && reachable[index - 1] === true && matchTokens(segment.tokens, chars);
  });
}

/** The greedy way with one point to come back to: at most tokens × characters steps. */
export function matchTokens(tokens: readonly Token[], chars: readonly string[]): boolean {
  let token = 0;
  let char = 0;
  let starToken = -1;
  let starChar = 0;
  while (char < chars.length) {
    const current = tokens[token];
    if (current?.kind === "star") {
      starToken = token;
      starChar = char;
      token += 1;
    } else if (current !== undefined && matchesOne(current, chars[char] ?? "")) {
      token += 1;
      char += 1;
    } else if (starToken !== -1) {
      starChar += 1;
      char = starChar;
      token = starToken + 1;
    } else {
      return false;
    }
  }
  return tokens.slice(token).every(({ kind }) => kind === "star");
}

function matchesOne(token: Token, char: string): boolean {
  switch (token.kind) {
    case "literal":
      return token.char === char;
    case "any":
      return true;
    case "set":
      return token.ranges.some(([from, to]) => from <= char && char <= to) !== token.negated;
    case "star":
      return false;
  }
}
