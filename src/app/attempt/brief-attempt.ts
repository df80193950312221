import type { Briefing } from "../../contract/briefing.ts";
import type { Role } from "../../contract/role.ts";
import type { Attempt, Task } from "../../core/task/state.ts";

/** How often a runner gives a sign of life: a third of the lease's time to live, so that two may be lost. */
const HEARTBEATS_PER_LEASE = 3;

/** All that an attempt is given; `role` is null for the jobs that run no agent and so need no prompt. */
export function briefAttempt(task: Task, attempt: Attempt, role: Role | null): Briefing {
  const { policy } = task;
  const { harness, timeoutMs } = policy.stages[attempt.stage];
  return {
    version: 1,
    task: task.id,
    attempt: attempt.id,
    attemptNumber: attempt.number,
    stage: attempt.stage,
    role: { name: attempt.role, prompt: role?.prompt ?? "" },
    harness: { name: harness.name, model: harness.model, settings: harness.settings },
    repository: task.repository,
    issue: { number: task.issue.number, title: task.issue.title, body: task.issue.body },
    requester: task.requester,
    tier: task.tier,
    branch: task.branch,
    baseSha: task.baseSha,
    headSha: task.headSha,
    plan: task.plan ? { text: task.plan.text, paths: [...task.plan.paths] } : null,
    pullRequest: task.pull?.number ?? null,
    failure: task.lastFailure
      ? { ...task.lastFailure, failingTests: [...task.lastFailure.failingTests] }
      : null,
    guidance: task.guidance,
    scope: {
      deny: [...policy.scope.deny],
      tests: [...policy.scope.tests],
      maxFiles: policy.scope.maxFiles,
      maxBytes: policy.scope.maxBytes,
    },
    verify: { command: policy.verify.command },
    timeoutMs,
    heartbeatMs: Math.max(1_000, Math.floor(policy.lease.ttlMs / HEARTBEATS_PER_LEASE)),
  };
}
