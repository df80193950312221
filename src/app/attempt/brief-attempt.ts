import type { Briefing, Skill, WrittenPart } from "../../contract/briefing.ts";
import type { Role } from "../../contract/role.ts";
import type { Attempt, Task } from "../../core/task/state.ts";

/** How often a runner gives a sign of life: a third of the lease's time to live, so that two may be lost. */
const HEARTBEATS_PER_LEASE = 3;

/** A policy that asks nothing of the sandbox leaves its limits to the runner. */
const NO_WISHES: Briefing["sandbox"] = {
  required: false,
  hosts: [],
  memoryBytes: null,
  maxProcesses: null,
  diskBytes: null,
  maxFileBytes: null,
  outputBytes: null,
  cpuMs: null,
};

/** What only an agent needs to know: its role, its skills, and which parts people without write access wrote. */
export type AgentPart = {
  readonly role: Role;
  readonly skills: readonly Skill[];
  readonly untrusted: readonly WrittenPart[];
};

/** All that an attempt is given; `agent` is null for the jobs that run none. */
export function briefAttempt(task: Task, attempt: Attempt, agent: AgentPart | null): Briefing {
  const { policy } = task;
  const untrusted = agent?.untrusted ?? [];
  const withheld = policy.briefing.untrusted === "exclude" ? untrusted : [];
  const isWithheld = withheld.includes("issue");
  const {
    harness,
    timeoutMs,
    limits = { maxTurns: null, budgetMicroUsd: null },
    scope = { only: [], deny: [] },
    mcpServers = [],
  } = policy.stages[attempt.stage];
  return {
    version: 1,
    task: task.id,
    attempt: attempt.id,
    attemptNumber: attempt.number,
    stage: attempt.stage,
    role: {
      name: attempt.role,
      prompt: agent?.role.prompt ?? "",
      tools: agent?.role.tools ?? [],
      outputs: [...(agent?.role.outputs ?? [])],
    },
    harness: {
      name: harness.name,
      model: harness.model,
      version: harness.version ?? null,
      settings: harness.settings,
    },
    limits,
    skills: [...(agent?.skills ?? [])],
    mcpServers: mcpServers.map((server) => ({
      ...server,
      command: [...server.command],
      env: [...server.env],
    })),
    sandbox: { ...(policy.sandbox ?? NO_WISHES), hosts: [...(policy.sandbox?.hosts ?? [])] },
    resume: null,
    repository: task.repository,
    issue: {
      number: task.issue.number,
      title: isWithheld ? "" : task.issue.title,
      body: isWithheld ? "" : task.issue.body,
    },
    requester: task.requester,
    tier: task.tier,
    branch: task.branch,
    baseSha: task.baseSha,
    headSha: task.headSha,
    plan: task.plan ? { text: task.plan.text, paths: [...task.plan.paths] } : null,
    pullRequest: task.pull?.number ?? null,
    failure: task.lastFailure
      ? {
          ...task.lastFailure,
          errorClass: task.lastFailure.errorClass ?? null,
          failingTests: [...task.lastFailure.failingTests],
        }
      : null,
    guidance: withheld.includes("guidance") ? null : task.guidance,
    untrusted: [...untrusted],
    withheld: [...withheld],
    scope: {
      only: [...scope.only],
      deny: [...policy.scope.deny, ...scope.deny],
      tests: [...policy.scope.tests],
      maxFiles: policy.scope.maxFiles,
      maxBytes: policy.scope.maxBytes,
    },
    verify: { command: policy.verify.command },
    timeoutMs,
    heartbeatMs: Math.max(1_000, Math.floor(policy.lease.ttlMs / HEARTBEATS_PER_LEASE)),
  };
}
