import type { AttemptId, DeliveryId, LeaseId, TaskId, TenantId } from "../../src/base/ids.ts";
import { attemptId, taskId } from "../../src/base/ids.ts";
import type { Policy, StagePolicy } from "../../src/core/policy/policy.ts";
import type { Effect } from "../../src/core/task/effect.ts";
import type { TaskEvent } from "../../src/core/task/events.ts";
import { eventsOf } from "../../src/core/task/events.ts";
import { evolve, replay } from "../../src/core/task/evolve.ts";
import type { Phase, Task } from "../../src/core/task/state.ts";
import type { Commit, Delivery } from "../../src/ports/task-store.ts";

export const SAMPLE_TENANT = 4_711 as TenantId;
export const SAMPLE_REPOSITORY = { id: 1_300_192, owner: "octo", name: "hello", defaultBranch: "main" };
export const SAMPLE_TIME = "2026-03-01T12:00:00.000Z";
export const SAMPLE_META = { at: SAMPLE_TIME, actor: "ada", cause: "delivery:sample" };

const STAGE: StagePolicy = {
  role: "developer",
  harness: { name: "command", model: null, settings: { run: ["node", "agent.mjs"] } },
  timeoutMs: 600_000,
};

const POLICY: Policy = {
  digest: "5f".repeat(32),
  trigger: "baton",
  stages: { plan: STAGE, test: STAGE, implement: STAGE, verify: STAGE, review: STAGE },
  retry: { maxRetries: 3, backoffMs: 30_000, backoffCapMs: 600_000 },
  tiers: { default: "medium", rules: [] },
  merge: { automatic: false, method: "squash" },
  verify: { command: null, required: [], settleMs: 0, timeoutMs: 600_000 },
  scope: { deny: [], tests: ["test/**"], maxFiles: 100, maxBytes: 1_000_000 },
  briefing: { untrusted: "fence" },
  lease: { ttlMs: 90_000 },
  permissions: {},
  bots: [],
};

/** The task of an issue in the sample repository, as it was opened but for the changes of the test's choosing. */
export function sampleTask(issueNumber: number, changes: Partial<Task> = {}): Task {
  const id = taskId(SAMPLE_REPOSITORY.id, issueNumber, 1);
  const opened: TaskEvent = {
    type: "TaskOpened",
    task: id,
    tenant: SAMPLE_TENANT,
    repository: SAMPLE_REPOSITORY,
    issue: { number: issueNumber, title: "Greet in French", body: "Say *bonjour*.", labels: ["baton"] },
    requester: "ada",
    policy: POLICY,
    baseSha: "a".repeat(40),
    branch: `baton/${issueNumber}-greet-in-french`,
    tier: "medium",
    tierReasons: ["The policy's default tier is medium."],
  };
  return { ...evolve(null, opened, SAMPLE_META), ...changes };
}

/** The commit that opens a task. */
export function openingCommit(after: Task, effects: readonly Effect[] = []): Commit {
  const opened: TaskEvent = {
    type: "TaskOpened",
    task: after.id,
    tenant: after.tenant,
    repository: after.repository,
    issue: after.issue,
    requester: after.requester,
    policy: after.policy,
    baseSha: after.baseSha,
    branch: after.branch,
    tier: after.tier,
    tierReasons: after.tierReasons,
  };
  return { task: after.id, expectedVersion: 0, meta: SAMPLE_META, events: [opened], after, effects };
}

/** A commit of one event, or of those that are given, on a task that has `expectedVersion` entries. */
export function nextCommit(
  before: Task,
  expectedVersion: number,
  changes: Partial<Pick<Commit, "events" | "effects">> = {},
): Commit {
  const { events = [{ type: "TaskHeld", by: `person ${expectedVersion}` }], effects = [] } = changes;
  const entry = { meta: SAMPLE_META, events };
  const after = replay(eventsOf([entry]), before) ?? before;
  return { task: before.id, expectedVersion, ...entry, after, effects };
}

export function sampleDelivery(id: string, body = `{"delivery":"${id}"}`): Delivery {
  return { id: id as DeliveryId, event: "issues", body: Buffer.from(body), receivedAt: SAMPLE_TIME };
}

export function leasedPhase(task: TaskId, runId: number): Phase {
  return {
    kind: "leased",
    attempt: {
      id: attemptId(task, 1),
      stage: "plan",
      number: 1,
      role: "planner",
      harness: "command",
      model: null,
      dispatchedAt: SAMPLE_TIME,
      run: { id: runId, url: `https://example.test/runs/${runId}` },
    },
    lease: { id: `lease-${runId}` as LeaseId, runId, grantedAt: SAMPLE_TIME },
  };
}

export function sampleLease(attempt: AttemptId, id: string) {
  return {
    id: id as LeaseId,
    attempt,
    tenant: SAMPLE_TENANT,
    tokenHash: `hash of ${id}`,
    seenAt: SAMPLE_TIME,
  };
}
