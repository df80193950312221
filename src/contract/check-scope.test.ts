import fc from "fast-check";
import { describe, expect, test } from "vitest";
import type { ScopeEntry, ScopeQuestion } from "./check-scope.ts";
import { checkScope, scopeProblems } from "./check-scope.ts";

const scope: ScopeQuestion["scope"] = {
  only: [],
  deny: [".github/workflows/**", ".github/baton*", ".github/baton/**", "infra/**"],
  tests: ["test/**", "**/*.test.*"],
  maxFiles: 3,
  maxBytes: 1_000,
};

function added(path: string, over: Partial<ScopeEntry> = {}): ScopeEntry {
  return { path, oldMode: "000000", mode: "100644", bytes: 10, ...over };
}

function check(stage: ScopeQuestion["stage"], ...entries: readonly ScopeEntry[]): string | null {
  return checkScope({ stage, scope, entries });
}

describe("roles are kept apart", () => {
  test("the tester changes only tests", () => {
    expect(check("test", added("test/a.ts"), added("src/a.test.ts"))).toBeNull();
    expect(check("test", added("test/a.ts"), added("src/a.ts"))).toBe(
      '"src/a.ts" is not a test, and the tester changes only tests.',
    );
  });

  test("the developer changes no tests, nor removes one", () => {
    expect(check("implement", added("src/a.ts"))).toBeNull();
    expect(check("implement", added("test/a.ts", { oldMode: "100644", mode: "000000", bytes: 0 }))).toBe(
      '"test/a.ts" is a test, and the developer changes no tests.',
    );
  });

  test.each(["plan", "review", "verify"] as const)("%s changes nothing", (stage) => {
    expect(check(stage)).toBeNull();
    expect(check(stage, added("notes.md"), added("b"))).toBe(
      `The ${stage} stage changes nothing, but this changed "notes.md" and 1 more.`,
    );
  });
});

test.each([
  ".github/workflows/ci.yml",
  ".GitHub/Workflows/ci.yml",
  ".github/baton.yml",
  ".github/baton/roles/tester.md",
  "infra/main.tf",
])("%s is protected, however it is written", (path) => {
  expect(check("implement", added(path))).toBe(
    `${JSON.stringify(path)} is protected by the policy (scope.deny).`,
  );
});

test.each([
  "../x",
  "/etc/passwd",
  "a//b",
  "a/./b",
  ".git/hooks/pre-commit",
  "a/.GIT/config",
  "a/.git./config",
  "a/.g\u200cit/config",
  "a/git~1/config",
  "a/.git::$INDEX_ALLOCATION/x",
  "a\\b",
  "a\nb",
  "",
])("%j is refused as a path", (path) => {
  expect(check("implement", added(path))).toContain("is a path that a repository should not have.");
});

test.each([".gitignore", ".github/CONTRIBUTING.md", "a/.gitkeep", "a b/ü.ts", "...", "src/git~10.ts"])(
  "%j is an ordinary path",
  (path) => {
    expect(check("implement", added(path))).toBeNull();
  },
);

test("a submodule can be neither added, nor moved, nor replaced", () => {
  const message = '"lib/x" is a submodule, and work may not add, move or remove one.';
  expect(check("implement", added("lib/x", { mode: "160000" }))).toBe(message);
  expect(check("implement", added("lib/x", { oldMode: "160000" }))).toBe(message);
});

test("the number and size of the changed files are limited", () => {
  expect(check("implement", ...["a", "b", "c", "d"].map((path) => added(path)))).toBe(
    "The work changes 4 files, more than the 3 that the policy allows.",
  );
  expect(check("implement", added("a", { bytes: 600 }), added("b", { bytes: 600 }))).toBe(
    "The changed files have 1200 bytes together, more than the 1000 that the policy allows.",
  );
});

test("many problems are told in a summary that a failure can hold", () => {
  const entries = Array.from({ length: 50 }, (_, index) => added(`test/${"x".repeat(200)}${index}.ts`));
  expect(scopeProblems({ stage: "implement", scope, entries })).toHaveLength(51);
  const summary = checkScope({ stage: "implement", scope, entries });
  expect(summary?.length).toBeLessThanOrEqual(1_000);
});

test("no path is both the tester's and the developer's", () => {
  fc.assert(
    fc.property(fc.string({ unit: "binary", minLength: 1, maxLength: 30 }), (path) => {
      const allowed = (["test", "implement"] as const).filter((stage) => check(stage, added(path)) === null);
      expect(allowed.length).toBeLessThanOrEqual(1);
    }),
    { numRuns: 1_000 },
  );
});
