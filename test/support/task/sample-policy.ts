import type { Policy, StagePolicy } from "../../../src/core/policy/policy.ts";

function stage(role: string): StagePolicy {
  return {
    role,
    harness: { name: "command", model: null, settings: { run: ["agent"] } },
    timeoutMs: 600_000,
  };
}

/** A policy as a repository with the defaults would have it; tests change what they are about. */
export function samplePolicy(change: Partial<Policy> = {}): Policy {
  return {
    digest: "b".repeat(64),
    trigger: "baton",
    stages: {
      plan: stage("planner"),
      test: stage("tester"),
      implement: stage("developer"),
      verify: stage("developer"),
      review: stage("reviewer"),
    },
    retry: { maxRetries: 3, maxOutages: 10, backoffMs: 30_000, backoffCapMs: 600_000 },
    tiers: {
      default: "medium",
      rules: [
        { tier: "high", paths: ["src/auth/**"], labels: ["security"] },
        { tier: "low", paths: ["docs/**"], labels: [] },
      ],
    },
    merge: { automatic: true, method: "squash" },
    verify: { command: null, required: [], settleMs: 0, timeoutMs: 3_600_000 },
    scope: { deny: [], tests: ["test/**"], maxFiles: 100, maxBytes: 1_000_000 },
    briefing: { untrusted: "fence" },
    lease: { ttlMs: 90_000 },
    permissions: {
      approve: "write",
      retry: "write",
      cancel: "write",
      hold: "write",
      resume: "write",
      start: "write",
    },
    bots: [],
    ...change,
  };
}
