import fc from "fast-check";
import { describe, expect, test } from "vitest";
import * as compare from "./compare-globs.ts";
import { matcherOf, patternsOf } from "./match-glob.ts";

function overlaps(planned: string, glob: string): boolean {
  return compare.overlaps(compare.readPlanned(planned), patternsOf(glob));
}

function isCovered(planned: string, globs: readonly string[]): boolean {
  return compare.isCovered(compare.readPlanned(planned), globs.flatMap(patternsOf));
}

describe("overlaps", () => {
  test.each([
    ["src/**", "src/auth/**"],
    ["src/auth/login.ts", "src/auth/**"],
    ["**", "src/auth/**"],
    ["src/*/login.ts", "src/auth/*"],
    ["**/*.ts", "src/auth/**"],
    ["app/[id]/page.ts", "app/[id]/**"],
    ["app/[id]/page.ts", "app/i/page.ts"],
    ["src/{auth,web}/**", "src/web/x.ts"],
    ["src/[", "src/**"],
  ])("%s may touch %s", (planned, glob) => {
    expect(overlaps(planned, glob)).toBe(true);
  });

  test.each([
    ["docs/**", "src/auth/**"],
    ["src/a*.ts", "src/b*.ts"],
    ["src/*.md", "src/*.ts"],
    ["src/auth", "src/auth/login/**"],
  ])("%s cannot touch %s", (planned, glob) => {
    expect(overlaps(planned, glob)).toBe(false);
  });
});

describe("isCovered", () => {
  test.each([
    ["docs/a.md", ["docs/**"]],
    ["docs/**", ["docs/**"]],
    ["docs/*.md", ["docs/*.md"]],
    ["docs/x/**/*.md", ["docs/**"]],
    ["docs/[id].md", ["docs/**"]],
  ])("%s lies within %s", (planned, globs) => {
    expect(isCovered(planned, globs)).toBe(true);
  });

  test.each([
    ["**", ["docs/**"]],
    ["docs/**", ["docs/*"]],
    ["*.md", ["docs/**"]],
    ["{docs,src}/a.md", ["docs/**"]],
    ["docs/a.md", []],
    // A directory may really be called so, and then nothing covers it.
    ["{docs,wiki}/a.md", ["docs/**", "wiki/**"]],
  ])("%s is not within %s", (planned, globs) => {
    expect(isCovered(planned, globs)).toBe(false);
  });
});

const segment = fc.constantFrom("a", "b", "ab", "ba");
const path = fc.array(segment, { minLength: 1, maxLength: 3 }).map((segments) => segments.join("/"));
const glob = fc
  .array(fc.oneof(segment, fc.constantFrom("*", "**", "a*", "*b", "?", "[ab]", "{a,ba}")), {
    minLength: 1,
    maxLength: 4,
  })
  .map((segments) => segments.join("/"));

test("errs only on the safe side: what both match overlaps, what is covered is matched", () => {
  fc.assert(
    fc.property(path, glob, glob, (name, one, other) => {
      const matchesOne = matcherOf([one])(name);
      const matchesOther = matcherOf([other])(name);
      if (matchesOne && matchesOther) expect(overlaps(one, other)).toBe(true);
      if (matchesOne && isCovered(one, [other])) expect(matchesOther).toBe(true);
    }),
    { numRuns: 20_000 },
  );
});

test("for a plain path, overlapping and being covered are matching", () => {
  fc.assert(
    fc.property(path, glob, (name, other) => {
      const matched = matcherOf([other])(name);
      expect(overlaps(name, other)).toBe(matched);
      expect(isCovered(name, [other])).toBe(matched);
    }),
    { numRuns: 5_000 },
  );
});
