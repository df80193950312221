import { describe, expect, test } from "vitest";
import { samplePolicy } from "../../../test/support/task/sample-policy.ts";
import { authorize } from "./authorize.ts";
import type { AuthorizedAction } from "./authorize.ts";
import type { RepositoryRole } from "./policy.ts";

const policy = samplePolicy({
  permissions: { approve: "maintain", retry: "write", start: "triage" },
  bots: ["renovate", "helper[bot]"],
});

function ask(action: AuthorizedAction, role: RepositoryRole, bot?: string) {
  const allowed = authorize(policy, action, { login: bot ?? "robin", role, isBot: bot !== undefined });
  return allowed.ok ? "ok" : `${allowed.error.code}: ${allowed.error.message}`;
}

describe("a person may", () => {
  test.each([
    ["approve", "maintain"],
    ["approve", "admin"],
    ["retry", "write"],
    ["start", "triage"],
    ["status", "none"],
    ["help", "read"],
  ] as const)("%s with the %s role", (action, role) => {
    expect(ask(action, role)).toBe("ok");
  });

  test("not do what needs more", () => {
    expect(ask("approve", "write")).toBe(
      "role-too-low: /approve needs the maintain role on this repository, and robin has write.",
    );
    expect(ask("start", "read")).toBe(
      "role-too-low: Starting work needs the triage role on this repository, and robin has read.",
    );
  });

  test("do what the policy forgot to name only as an admin", () => {
    expect(ask("cancel", "maintain")).toContain("needs the admin role");
    expect(ask("cancel", "admin")).toBe("ok");
  });
});

describe("a bot may", () => {
  test("do nothing unless it is listed, with or without its suffix", () => {
    expect(ask("retry", "admin", "other[bot]")).toMatch(/^bot-unlisted: /);
    expect(ask("status", "admin", "other[bot]")).toMatch(/^bot-unlisted: /);
    expect(ask("retry", "write", "Renovate[bot]")).toBe("ok");
    expect(ask("retry", "write", "helper")).toBe("ok");
  });

  test("do no more than its role, and never approve", () => {
    expect(ask("retry", "read", "renovate[bot]")).toMatch(/^role-too-low: /);
    expect(ask("approve", "admin", "renovate[bot]")).toBe(
      "bot-approves: An approval is a person's yes: a bot's does not count.",
    );
  });
});
