import type { Result } from "../../../base/result.ts";
import { err, ok } from "../../../base/result.ts";

/** One character position of a path segment: this character, any one, any run of them, or one of a set. */
export type Token =
  | { readonly kind: "literal"; readonly char: string }
  | { readonly kind: "any" }
  | { readonly kind: "star" }
  | {
      readonly kind: "set";
      readonly negated: boolean;
      readonly ranges: readonly (readonly [string, string])[];
    };

/** `globstar` stands for any number of segments, none included. */
export type Segment =
  { readonly kind: "globstar" } | { readonly kind: "tokens"; readonly tokens: readonly Token[] };

/** A glob without alternatives: `{a,b}` becomes two of these. */
export type GlobPattern = readonly Segment[];

/** Longer globs are refused: nobody writes them, and an agent's plan must not cost more than it is worth. */
const MAX_GLOB_LENGTH = 500;

/** Alternatives multiply; a glob that stands for more patterns than this is refused. */
const MAX_ALTERNATIVES = 64;

/**
 * Reads a glob over repository paths: `*` and `?` within a segment, `**` as a whole segment, `[a-z]`, `[!a]`,
 * `{one,two}` without nesting or slashes inside, `\` before a character that is meant as itself. Hidden files match
 * like all others. No regular expression is made of it, so no glob, whoever wrote it, can take long to match.
 */
export function parseGlob(glob: string): Result<readonly GlobPattern[], string> {
  const shape = problemOfShape(glob);
  if (shape) return err(shape);
  const expanded = expandAlternatives(glob);
  if (!expanded.ok) return expanded;
  const patterns: GlobPattern[] = [];
  for (const text of expanded.value) {
    const segments: Segment[] = [];
    for (const part of splitSegments(text)) {
      const segment = parseSegment(part);
      if (!segment.ok) return segment;
      segments.push(segment.value);
    }
    patterns.push(segments);
  }
  return ok(patterns);
}

function problemOfShape(glob: string): string | null {
  if (glob.trim() === "") return "it is empty";
  if (glob.length > MAX_GLOB_LENGTH) return `it is longer than ${MAX_GLOB_LENGTH} characters`;
  if (glob.startsWith("!")) return 'it starts with "!", and there are no negated globs';
  if (glob.startsWith("/"))
    return 'it starts with "/": paths begin at the root of the repository without one';
  if (glob.endsWith("/")) return 'it ends with "/": write "**" after it for all that is in a directory';
  const segments = glob.split("/");
  if (segments.includes("")) return 'it has an empty segment ("//")';
  if (segments.includes(".") || segments.includes("..")) return 'it has a "." or ".." segment';
  return null;
}

function expandAlternatives(glob: string): Result<readonly string[], string> {
  let texts = [""];
  for (let at = 0; at < glob.length; at += 1) {
    const char = glob.charAt(at);
    if (char === "}") return err('it has a "}" without a "{" before it');
    if (char !== "{") {
      const width = char === "\\" ? 2 : 1;
      const taken = char === "[" ? (setAt(glob, at) ?? char) : glob.slice(at, at + width);
      texts = texts.map((text) => text + taken);
      at += taken.length - 1;
      continue;
    }
    const end = glob.indexOf("}", at);
    if (end === -1) return err('it has a "{" without a "}" after it');
    const inside = glob.slice(at + 1, end);
    if (/[{/\\[]/.test(inside)) return err('"{…}" may hold only plain words separated by commas');
    const alternatives = inside.split(",");
    if (texts.length * alternatives.length > MAX_ALTERNATIVES) {
      return err(`its "{…}" stand for more than ${MAX_ALTERNATIVES} globs`);
    }
    texts = texts.flatMap((text) => alternatives.map((alternative) => text + alternative));
    at = end;
  }
  return ok(texts);
}

/** The text of the set that opens at `at`, brackets included; null when it is never closed in its segment. */
function setAt(glob: string, at: number): string | null {
  const set = /^\[[!^]?\]?(?:\\[^/]|[^\]/\\])*\]/.exec(glob.slice(at, at + MAX_GLOB_LENGTH));
  return set ? set[0] : null;
}

/** A slash always separates, since no path segment can hold one. */
function splitSegments(text: string): readonly string[] {
  return text.split("/");
}

function parseSegment(part: string): Result<Segment, string> {
  if (part === "**") return ok({ kind: "globstar" });
  if (part === "") return err("one of its alternatives leaves an empty segment");
  const tokens: Token[] = [];
  const chars = Array.from(part);
  for (let at = 0; at < chars.length; at += 1) {
    const char = chars[at] ?? "";
    if (char === "*") {
      if (tokens.at(-1)?.kind !== "star") tokens.push({ kind: "star" });
    } else if (char === "?") {
      tokens.push({ kind: "any" });
    } else if (char === "[") {
      const set = parseSet(chars, at);
      if (!set) return err('it has a "[" without a "]" after it: write "\\[" for the character itself');
      tokens.push(set.token);
      at = set.end;
    } else if (char === "\\") {
      const next = chars[at + 1];
      if (next === undefined) return err('it has a "\\" with nothing after it');
      tokens.push({ kind: "literal", char: next });
      at += 1;
    } else {
      tokens.push({ kind: "literal", char });
    }
  }
  return ok({ kind: "tokens", tokens });
}

/** A "]" right after the opening is a member, as in POSIX. */
function parseSet(
  chars: readonly string[],
  open: number,
): { readonly token: Token; readonly end: number } | null {
  let at = open + 1;
  const negated = chars[at] === "!" || chars[at] === "^";
  if (negated) at += 1;
  const ranges: [string, string][] = [];
  const member = (): string => {
    if (chars[at] === "\\" && chars[at + 1] !== undefined) at += 1;
    const char = chars[at] ?? "";
    at += 1;
    return char;
  };
  for (let first = true; at < chars.length; first = false) {
    if (chars[at] === "]" && !first) return { token: { kind: "set", negated, ranges }, end: at };
    const from = member();
    const isRange = chars[at] === "-" && chars[at + 1] !== "]" && chars[at + 1] !== undefined;
    if (isRange) at += 1;
    ranges.push([from, isRange ? member() : from]);
  }
  return null;
}
