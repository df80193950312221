import type { Tier } from "../task/state.ts";
import { TIERS } from "../task/state.ts";
import { isCovered, overlaps, readPlanned } from "./glob/compare-globs.ts";
import { patternsOf } from "./glob/match-glob.ts";
import type { GlobPattern } from "./glob/parse-glob.ts";
import type { Policy } from "./policy.ts";

export type TierEvidence = {
  readonly labels: readonly string[];
  /** What the work touches: the plan's globs, or the paths that changed. null or none: not known yet. */
  readonly paths: readonly string[] | null;
};

export type TierAssessment = {
  readonly tier: Tier;
  /** A sentence each, the ones that decided it. */
  readonly reasons: readonly string[];
};

type PathRule = { readonly tier: Tier; readonly glob: string; readonly patterns: readonly GlobPattern[] };

type Finding = { readonly tier: Tier; readonly reason: string };

/** More examples than this say nothing more. */
const SHOWN_PATHS = 3;

/**
 * The risk of a change under the policy's rules; the highest that applies wins. A rule raises the tier when any of
 * its globs or labels applies. A path falls below the default only when a rule covers it, so a change is `low` only
 * when all of its paths are covered by `low` rules or a label says so. A plan's globs count for all that they may
 * match, which errs towards the higher tier.
 */
export function assessTier(policy: Policy, evidence: TierEvidence): TierAssessment {
  const byLabel = findByLabels(policy, evidence.labels);
  const fallback = byLabel ?? defaultFinding(policy);
  const paths = evidence.paths ?? [];
  const findings = byLabel || paths.length === 0 ? [fallback] : [];
  const rules = pathRulesOf(policy);
  for (const path of paths) findings.push(...findByPath(rules, path, fallback));
  const tier = highest(findings.map((finding) => finding.tier));
  const reasons = findings.filter((finding) => finding.tier === tier).map(({ reason }) => reason);
  return { tier, reasons: shorten([...new Set(reasons)]) };
}

function defaultFinding(policy: Policy): Finding {
  const { default: tier, rules } = policy.tiers;
  const reason =
    rules.length === 0
      ? `The policy makes every change ${tier}.`
      : `No rule of the policy covers all of it, and its default is ${tier}.`;
  return { tier, reason };
}

/** GitHub compares label names without regard to case. */
function findByLabels(policy: Policy, labels: readonly string[]): Finding | null {
  const present = new Set(labels.map((label) => label.toLowerCase()));
  const findings = policy.tiers.rules.flatMap((rule) =>
    rule.labels
      .filter((label) => present.has(label.toLowerCase()))
      .map((label) => ({ tier: rule.tier, reason: `The label "${label}" makes it ${rule.tier}.` })),
  );
  if (findings.length === 0) return null;
  const tier = highest(findings.map((finding) => finding.tier));
  return findings.find((finding) => finding.tier === tier) ?? null;
}

function pathRulesOf(policy: Policy): PathRule[] {
  return policy.tiers.rules.flatMap(({ tier, paths }) =>
    paths.map((glob) => ({ tier, glob, patterns: patternsOf(glob) })),
  );
}

function findByPath(rules: readonly PathRule[], path: string, fallback: Finding): Finding[] {
  const planned = readPlanned(path);
  const matching = rules.filter(({ patterns }) => overlaps(planned, patterns));
  const covered = isCovered(
    planned,
    matching.flatMap(({ patterns }) => patterns),
  );
  const findings = matching.map(({ tier, glob }) => ({ tier, reason: reasonOfMatch(path, glob, tier) }));
  return covered ? findings : [...findings, fallback];
}

function reasonOfMatch(path: string, glob: string, tier: Tier): string {
  return path === glob ? `${path} is ${tier}.` : `${path} falls under ${glob}, which is ${tier}.`;
}

function highest(tiers: readonly Tier[]): Tier {
  return tiers.reduce((one, other) => (TIERS.indexOf(other) > TIERS.indexOf(one) ? other : one), "low");
}

function shorten(reasons: readonly string[]): readonly string[] {
  if (reasons.length <= SHOWN_PATHS) return reasons;
  return [...reasons.slice(0, SHOWN_PATHS), `And ${reasons.length - SHOWN_PATHS} more like these.`];
}
