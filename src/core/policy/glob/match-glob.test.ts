import fc from "fast-check";
import picomatch from "picomatch";
import { describe, expect, test } from "vitest";
import { cpuMs } from "../../../../test/support/cpu-time.ts";
import { matcherOf } from "./match-glob.ts";
import { parseGlob } from "./parse-glob.ts";

function matches(glob: string, path: string): boolean {
  return matcherOf([glob])(path);
}

describe("a glob matches", () => {
  test.each([
    ["src/**", "src/a/b.ts"],
    ["src/**/x.ts", "src/x.ts"],
    ["**/*.test.*", "deep/er/a.test.ts"],
    ["**/*.test.*", "a.test.ts"],
    ["*.md", "README.md"],
    ["**", ".github/workflows/ci.yml"],
    [".github/baton*", ".github/baton.yml"],
    ["src/?.ts", "src/é.ts"],
    ["src/[a-c]1", "src/b1"],
    ["src/[!a-c]1", "src/z1"],
    ["src/*.{ts,tsx}", "src/a.tsx"],
    ["app/\\[id\\]/page.ts", "app/[id]/page.ts"],
    ["a/[]]/b", "a/]/b"],
    ["src/**", "src"],
    ["app/(group)/page.ts", "app/(group)/page.ts"],
  ])("%s ← %s", (glob, path) => {
    expect(matches(glob, path)).toBe(true);
  });
});

describe("a glob does not match", () => {
  test.each([
    ["*.md", "docs/README.md"],
    ["src/*", "src/a/b.ts"],
    ["src/**/x.ts", "src/y/x.tsx"],
    ["src/[a-c]1", "src/d1"],
    ["src", "src/a.ts"],
    ["test/**", "tests/a.ts"],
    ["SRC/**", "src/a.ts"],
  ])("%s ↚ %s", (glob, path) => {
    expect(matches(glob, path)).toBe(false);
  });
});

test("case can be ignored, for names that are one file on some systems", () => {
  expect(matcherOf([".github/workflows/**"], { ignoreCase: true })(".GitHub/Workflows/x.yml")).toBe(true);
});

test.each([
  ["", "empty"],
  ["!src/**", "negated"],
  ["/src", "begin at the root"],
  ["src/", "ends with"],
  ["a//b", "empty segment"],
  ["../x", '".."'],
  ["src/{a,b", "without a"],
  ["src/a}", "without a"],
  ["{a,{b,c}}", "plain words"],
  ["src/[ab", "without a"],
  ["src\\", "nothing after it"],
  ["{a,b}".repeat(7), "more than 64"],
  ["a".repeat(501), "longer than 500"],
])("%s is refused and told why", (glob, why) => {
  const parsed = parseGlob(glob);
  expect(parsed.ok ? "accepted" : parsed.error).toContain(why);
});

const segment = fc.stringMatching(/^[ab.]{1,3}$/).filter((text) => !/^\.+$/.test(text));
const path = fc.array(segment, { minLength: 1, maxLength: 4 }).map((segments) => segments.join("/"));
const globSegment = fc.oneof(
  segment,
  fc.constant("**"),
  fc.stringMatching(/^[ab.?*]{1,4}$/).filter((text) => !text.includes("**") && !/^\.+$/.test(text)),
  fc.constantFrom("[ab]", "[^a]b", "{a,b}", "a{.a,b}"),
);
const glob = fc.array(globSegment, { minLength: 1, maxLength: 4 }).map((segments) => segments.join("/"));

test("agrees with picomatch wherever both speak the same language", () => {
  fc.assert(
    fc.property(glob, path, (pattern, name) => {
      // There `x/**` matches x itself and `*/**` does not; here both do, since what guards a directory guards its name.
      fc.pre(!pattern.endsWith("/**") || !matches(pattern.replace(/(?:\/\*\*)+$/, ""), name));
      expect(matches(pattern, name)).toBe(picomatch(pattern, { dot: true })(name));
    }),
    { numRuns: 5_000 },
  );
});

test("a path is always matched by itself", () => {
  fc.assert(
    fc.property(fc.string({ minLength: 1, unit: "binary" }), (name) => {
      const readable = parseGlob(name).ok;
      const escaped = name.replace(/[*?[\]{}\\!]/g, "\\$&");
      expect(readable || matches(name, name)).toBe(true);
      expect(parseGlob(escaped).ok ? matches(escaped, name) : true).toBe(true);
    }),
    { numRuns: 2_000 },
  );
});

test("a glob made to be slow is not", () => {
  const started = cpuMs();
  expect(matches(`${"*a".repeat(240)}b`, "a".repeat(4_000))).toBe(false);
  expect(matches(`${"**/a/".repeat(99)}b`, "a/".repeat(2_000) + "c")).toBe(false);
  expect(cpuMs() - started).toBeLessThan(4_000);
});
