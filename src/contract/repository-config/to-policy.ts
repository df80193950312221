import { digestOfPolicy } from "../../core/policy/digest-of-policy.ts";
import type { HarnessChoice, Policy, StagePolicy } from "../../core/policy/policy.ts";
import type { RepositoryConfig } from "./config-schema.ts";
import { PROTECTED_GLOBS } from "./config-schema.ts";

/** The file's meaning: the same policy for two files that differ only in comments, order or what the defaults say. */
export function toPolicy(config: RepositoryConfig): Policy {
  const rules: Omit<Policy, "digest"> = {
    trigger: config.trigger,
    stages: stagesOf(config),
    retry: {
      maxRetries: config.retry.attempts,
      backoffMs: config.retry.backoff,
      backoffCapMs: config.retry.backoff_cap,
    },
    tiers: config.tiers,
    merge: config.merge,
    verify: {
      command: config.verify.command,
      required: config.verify.checks,
      settleMs: config.verify.settle,
      timeoutMs: config.verify.timeout,
    },
    scope: {
      deny: [...protectedGlobs(config), ...config.scope.deny],
      tests: config.scope.tests,
      maxFiles: config.scope.max_files,
      maxBytes: config.scope.max_bytes,
    },
    briefing: config.briefing,
    lease: { ttlMs: config.lease.ttl },
    permissions: config.permissions,
    bots: config.bots,
  };
  return { ...rules, digest: digestOfPolicy(rules) };
}

function protectedGlobs(config: RepositoryConfig): readonly string[] {
  return PROTECTED_GLOBS.filter((glob) => !config.scope.unprotect.includes(glob));
}

/** No agent verifies: that stage has its place in the table of stages, and the repository's checks do its work. */
function stagesOf(config: RepositoryConfig): Policy["stages"] {
  const { plan, test, implement, review } = config.stages;
  const stagePolicy = (stage: typeof plan): StagePolicy => ({
    role: stage.role,
    harness: toChoice(stage.harness ?? config.harness),
    timeoutMs: stage.timeout,
  });
  return {
    plan: stagePolicy(plan),
    test: stagePolicy(test),
    implement: stagePolicy(implement),
    verify: { role: "checks", harness: toChoice(config.harness), timeoutMs: config.verify.timeout },
    review: stagePolicy(review),
  };
}

function toChoice({ use, model, ...settings }: RepositoryConfig["harness"]): HarnessChoice {
  return { name: use, model, settings };
}
