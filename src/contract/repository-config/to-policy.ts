import { digestOfPolicy } from "../../core/policy/digest-of-policy.ts";
import type { HarnessChoice, Limits, McpServer, Policy, StagePolicy } from "../../core/policy/policy.ts";
import { CAPABILITIES } from "../harness/capabilities.ts";
import type { Role } from "../role.ts";
import type { RepositoryConfig } from "./config-schema.ts";
import { PROTECTED_GLOBS } from "./config-schema.ts";

/** A stage's role: what a repository's own prefers goes before the policy's top, what a built-in one prefers after. */
export type StageRole = { readonly role: Role; readonly isBuiltIn: boolean };

/** The stages that have an agent, as the file knows them. */
export type AgentStage = keyof RepositoryConfig["stages"];
export type StageRoles = { readonly [S in AgentStage]?: StageRole };

/** The file's meaning: the same policy for two files that differ only in comments, order or what the defaults say. */
export function toPolicy(config: RepositoryConfig, roles: StageRoles): Policy {
  const rules: Omit<Policy, "digest"> = {
    trigger: config.trigger,
    stages: stagesOf(config, roles),
    retry: {
      maxRetries: config.retry.attempts,
      maxOutages: config.retry.outages,
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
    sandbox: {
      required: config.sandbox.required,
      hosts: config.sandbox.hosts,
      memoryBytes: config.sandbox.memory,
      maxProcesses: config.sandbox.processes,
      diskBytes: config.sandbox.disk,
      maxFileBytes: config.sandbox.file,
      outputBytes: config.sandbox.output,
      cpuMs: config.sandbox.cpu,
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
function stagesOf(config: RepositoryConfig, roles: StageRoles): Policy["stages"] {
  const stagePolicy = (stage: AgentStage): StagePolicy => {
    const { role, timeout } = config.stages[stage];
    const given = roles[stage] ?? null;
    const harness = chooseHarness(config, stage, given);
    return {
      role,
      harness,
      timeoutMs: timeout,
      limits: limitsOf(config, stage, { given, harness }),
      scope: given?.role.scope ?? { only: [], deny: [] },
      skills: skillsOf(config, stage, given),
      mcpServers: serversOf(config, stage, given),
    };
  };
  return {
    plan: stagePolicy("plan"),
    test: stagePolicy("test"),
    implement: stagePolicy("implement"),
    verify: {
      role: "checks",
      harness: toChoice(config.harness, null),
      timeoutMs: config.verify.timeout,
    },
    review: stagePolicy("review"),
  };
}

/** The stage's own, else the first that the role prefers of those the policy offers, else the one at the top. */
function chooseHarness(config: RepositoryConfig, stage: AgentStage, given: StageRole | null): HarnessChoice {
  const own = config.stages[stage].harness;
  if (own !== undefined) return toChoice(own, modelFor(own, given));
  const offered = [config.harness, ...config.alternatives];
  const chosen = given?.role.harness.flatMap(({ use }) => offered.find((one) => one.use === use) ?? [])[0];
  const harness = chosen ?? config.harness;
  const wished = modelFor(harness, given);
  return given?.isBuiltIn === false && wished !== null
    ? { ...toChoice(harness, null), model: wished }
    : toChoice(harness, wished);
}

function modelFor({ use }: RepositoryConfig["harness"], given: StageRole | null): string | null {
  return given?.role.harness.find((wish) => wish.use === use)?.model ?? null;
}

/** @param fallback the model where the policy names none. */
function toChoice(harness: RepositoryConfig["harness"], fallback: string | null): HarnessChoice {
  const { use, model, ...rest } = harness;
  const { version = null, ...settings } = { version: null, ...rest };
  return { name: use, model: model ?? fallback, version, settings };
}

/** Key by key. What a role would like counts as far as the harness can keep it; what the policy says was checked. */
function limitsOf(
  config: RepositoryConfig,
  stage: AgentStage,
  { given, harness }: { readonly given: StageRole | null; readonly harness: HarnessChoice },
): Limits {
  const choose = (key: "turns" | "budget"): number | null => {
    const ofStage = config.stages[stage].limits?.[key];
    if (ofStage !== undefined) return ofStage;
    const can = CAPABILITIES[harness.name].has(key);
    const ofRole = can ? given?.role.limits?.[key] : undefined;
    const ofTop = config.limits[key];
    return given?.isBuiltIn === false ? (ofRole ?? ofTop) : (ofTop ?? ofRole ?? null);
  };
  return { maxTurns: choose("turns"), budgetMicroUsd: choose("budget") };
}

function skillsOf(config: RepositoryConfig, stage: AgentStage, given: StageRole | null): readonly string[] {
  return config.stages[stage].skills ?? given?.role.skills ?? config.skills;
}

function serversOf(
  config: RepositoryConfig,
  stage: AgentStage,
  given: StageRole | null,
): readonly McpServer[] {
  const names = config.stages[stage].mcp ?? given?.role.mcp ?? null;
  return config.mcp
    .filter(({ name }) => names === null || names.includes(name))
    .map((server) => ({
      name: server.name,
      version: server.version,
      package: server.package,
      command: server.run ?? [programOf(server.package ?? "")],
      env: server.env,
    }));
}

/** A package's program has by habit the package's name, without its scope. */
function programOf(packageName: string): string {
  return packageName.slice(packageName.lastIndexOf("/") + 1);
}
