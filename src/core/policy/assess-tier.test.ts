import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { cpuMs } from "../../../test/support/cpu-time.ts";
import { samplePolicy } from "../../../test/support/task/sample-policy.ts";
import type { TierEvidence } from "./assess-tier.ts";
import { assessTier } from "./assess-tier.ts";
import type { Policy, TierRule } from "./policy.ts";

const RULES: readonly TierRule[] = [
  { tier: "high", paths: ["src/auth/**"], labels: ["Security"] },
  { tier: "low", paths: ["docs/**", "**/*.md"], labels: ["typo"] },
  { tier: "medium", paths: ["docs/api/**"], labels: [] },
];

function policyWith(tiers: Partial<Policy["tiers"]> = {}): Policy {
  return samplePolicy({ tiers: { default: "medium", rules: RULES, ...tiers } });
}

function assess(evidence: Partial<TierEvidence>, policy = policyWith()) {
  return assessTier(policy, { labels: [], paths: null, ...evidence });
}

describe("without paths", () => {
  test("the default holds", () => {
    expect(assess({})).toEqual({
      tier: "medium",
      reasons: ["No rule of the policy covers all of it, and its default is medium."],
    });
    expect(assess({ paths: [] }).tier).toBe("medium");
    expect(assess({}, policyWith({ rules: [] })).reasons).toEqual(["The policy makes every change medium."]);
  });

  test("a label raises or lowers it, in any case, and the highest wins", () => {
    expect(assess({ labels: ["security"] })).toEqual({
      tier: "high",
      reasons: ['The label "Security" makes it high.'],
    });
    expect(assess({ labels: ["typo"] }).tier).toBe("low");
    expect(assess({ labels: ["typo", "security"] }).tier).toBe("high");
    expect(assess({ labels: ["other"] }).tier).toBe("medium");
  });
});

describe("with changed paths", () => {
  test.each([
    [["src/a.ts", "src/auth/b.ts"], "high"],
    [["docs/a.txt", "README.md"], "low"],
    [["docs/a.txt", "src/a.ts"], "medium"],
    [["docs/api/a.txt"], "medium"],
    [["docs/a.txt", "src/auth/README.md"], "high"],
    [["src/a.ts"], "medium"],
  ] as const)("%j is %s", (paths, tier) => {
    expect(assess({ paths }).tier).toBe(tier);
  });

  test("says which paths decided it, three at most", () => {
    const paths = ["a", "b", "c", "d", "e"].map((name) => `src/auth/${name}.ts`);
    expect(assess({ paths: [...paths, "docs/x"] }).reasons).toEqual([
      "src/auth/a.ts falls under src/auth/**, which is high.",
      "src/auth/b.ts falls under src/auth/**, which is high.",
      "src/auth/c.ts falls under src/auth/**, which is high.",
      "And 2 more like these.",
    ]);
  });

  test("a label below the default lowers only what no rule covers", () => {
    expect(assess({ labels: ["typo"], paths: ["src/a.ts"] }).tier).toBe("low");
    expect(assess({ labels: ["typo"], paths: ["docs/api/a.txt"] }).tier).toBe("medium");
  });

  test("under a high default, a lower rule has to cover every path", () => {
    const policy = policyWith({ default: "high" });
    expect(assess({ paths: ["docs/a.txt"] }, policy).tier).toBe("low");
    expect(assess({ paths: ["docs/a.txt", "docs/api/b"] }, policy).tier).toBe("medium");
    expect(assess({ paths: ["docs/a.txt", "src/a.ts"] }, policy).tier).toBe("high");
  });
});

describe("with a plan's globs", () => {
  test.each([
    [["src/**"], "high"],
    [["**/*.ts"], "high"],
    [["src/web/**"], "medium"],
    [["docs/guide/**"], "low"],
    [["docs/**"], "medium"],
    [["**"], "high"],
  ] as const)("%j is %s, for all that it may touch", (paths, tier) => {
    expect(assess({ paths }).tier).toBe(tier);
  });
});

const segment = fc.constantFrom("src", "auth", "docs", "api", "a.ts", "b.md");
const path = fc.array(segment, { minLength: 1, maxLength: 4 }).map((segments) => segments.join("/"));
const order = ["low", "medium", "high"];

test("more changed paths never lower the tier of a change that no label lowers", () => {
  fc.assert(
    fc.property(
      fc.array(path, { minLength: 1, maxLength: 5 }),
      path,
      fc.constantFrom("low", "medium", "high"),
      (paths, more, fallback) => {
        const policy = policyWith({ default: fallback });
        const before = order.indexOf(assess({ paths }, policy).tier);
        expect(order.indexOf(assess({ paths: [...paths, more] }, policy).tier)).toBeGreaterThanOrEqual(
          before,
        );
      },
    ),
  );
});

test("a plan that names a path by a glob is never judged lower than the path itself", () => {
  fc.assert(
    fc.property(path, (changed) => {
      const planned = `${changed.slice(0, changed.lastIndexOf("/") + 1)}**`;
      const plannedTier = order.indexOf(assess({ paths: [planned] }).tier);
      expect(plannedTier).toBeGreaterThanOrEqual(order.indexOf(assess({ paths: [changed] }).tier));
    }),
  );
});

test("a large change under many rules is judged in good time", () => {
  const rules = Array.from({ length: 50 }, (_, index) => ({
    tier: "high" as const,
    paths: Array.from({ length: 20 }, (_, n) => `**/area${index}/*${n}*/**`),
    labels: [],
  }));
  const paths = Array.from({ length: 300 }, (_, index) => `src/module${index}/deep/er/file${index}.ts`);
  const started = cpuMs();
  expect(assess({ paths }, policyWith({ rules })).tier).toBe("medium");
  expect(cpuMs() - started).toBeLessThan(5_000);
});
