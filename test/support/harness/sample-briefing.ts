import { Briefing } from "../../../src/contract/briefing.ts";

/** A briefing as a server gives one to a developer, with what differs. */
export function sampleBriefing(more: Record<string, unknown> = {}): Briefing {
  return Briefing.parse({
    version: 1,
    task: "7-12-1",
    attempt: "7-12-1.3",
    attemptNumber: 1,
    stage: "implement",
    role: { name: "developer", prompt: "You are the developer." },
    harness: { name: "command", model: null, settings: {} },
    repository: { id: 12, owner: "acme", name: "shop", defaultBranch: "main" },
    issue: { number: 1, title: "Greet people", body: "Say hello." },
    requester: "alice",
    tier: "low",
    branch: "baton/1-greet-people",
    baseSha: "a".repeat(40),
    headSha: null,
    plan: null,
    pullRequest: null,
    failure: null,
    guidance: null,
    scope: { deny: [], tests: ["test/**"], maxFiles: 100, maxBytes: 1_000_000 },
    verify: { command: null },
    timeoutMs: 600_000,
    heartbeatMs: 1_000,
    ...more,
  });
}
