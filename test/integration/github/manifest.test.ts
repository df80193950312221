import { describe, expect, test } from "vitest";
import type { AccessLevel, PermissionName, PermissionSet } from "../../../src/forge/hub/entity/permission.ts";
import type { CheckToShow } from "../../../src/ports/github.ts";
import { HANDLED_EVENTS } from "../../../src/surfaces/webhook/intents/read-intent.ts";
import { commitFiles } from "./commit-files.ts";
import { MANIFEST, openGitHub } from "./github-fixture.ts";

const SITE = { owner: "ada", repo: "engine" };

const FILES = {
  ".github/workflows/baton.yml": `
name: Baton
run-name: "Baton \${{ inputs.attempt }}"
on: { workflow_dispatch: { inputs: { attempt: { type: string }, server: { type: string } } } }
jobs: { agent: { runs-on: ubuntu-latest, steps: [{ run: exit 1 }] } }
`,
  ".github/workflows/ci.yml": `
on: push
permissions: {}
jobs: { unit: { runs-on: ubuntu-latest, steps: [{ run: exit 1 }] } }
`,
};

/** GitHub sends these to every App, subscribed or not. */
const SENT_ANYWAY = ["installation", "installation_repositories"];

test("the events subscribed to are those that something follows from", () => {
  const handled = HANDLED_EVENTS.filter((event) => !SENT_ANYWAY.includes(event));
  expect(MANIFEST.default_events).toEqual([...handled].sort());
});

describe("permissions", () => {
  test("with all that the manifest asks for, nothing is refused", async () => {
    expect(await refusedWith(MANIFEST.default_permissions)).toEqual([]);
  });

  // GitHub gives every App `metadata: read`: it cannot be taken away.
  const untested = ["metadata", ...Object.keys(NEEDED_FOR_EVENTS)];
  const asked = Object.entries(MANIFEST.default_permissions).filter(([name]) => !untested.includes(name));

  test("what only events need is asked for with its event, and read only", () => {
    for (const [name, event] of Object.entries(NEEDED_FOR_EVENTS)) {
      expect(MANIFEST.default_permissions[name as PermissionName]).toBe("read");
      expect(MANIFEST.default_events).toContain(event);
    }
  });

  test.each(asked as [PermissionName, AccessLevel][])(
    "%s: %s is the least that will do",
    async (name, level) => {
      const others = Object.entries(MANIFEST.default_permissions).filter(([other]) => other !== name);
      const lowered = level === "write" ? [...others, [name, "read"]] : others;
      const refused = await refusedWith(Object.fromEntries(lowered) as PermissionSet);
      expect({ [`without ${name}: ${level}`]: refused }).toEqual({
        [`without ${name}: ${level}`]: NEEDED_BY[name],
      });
    },
  );
});

/** Permissions without which GitHub takes no subscription to an event. */
const NEEDED_FOR_EVENTS: Partial<Record<PermissionName, string>> = { merge_queues: "merge_group" };

/** What does not work without each permission. */
const NEEDED_BY: Partial<Record<PermissionName, readonly string[]>> = {
  actions: ["cancelRun", "dispatchRun"],
  checks: ["ensureChecks"],
  contents: ["merge", "pushToken"],
  issues: ["ensureComment", "ensureLabel", "ensureReaction", "removeLabel"],
  pull_requests: ["ensureClosed", "ensurePullRequest", "ensureReadyForReview"],
  statuses: ["observeChecks"],
};

/** Names of the adapter's methods that GitHub refuses to an App with these permissions. */
async function refusedWith(permissions: PermissionSet): Promise<readonly string[]> {
  const { ada, as, exchanges, github, repository } = await openGitHub({
    permissions,
    files: FILES,
    isPrivate: true,
  });
  const person = as(ada);
  const sha = await commitFiles(person, SITE, {
    branch: "baton/7-page",
    from: "main",
    files: { "a.txt": "a\n" },
  });
  const { data: issue } = await person.rest.issues.create({ ...SITE, title: "Add a page" });
  const { data: comment } = await person.rest.issues.createComment({
    ...SITE,
    issue_number: issue.number,
    body: "x",
  });
  const { data: pull } = await person.rest.pulls.create({
    ...SITE,
    head: "baton/7-page",
    base: "main",
    title: "Add a page",
    draft: true,
  });
  await commitFiles(person, SITE, { branch: "baton/9-closed", from: "main", files: { "c.txt": "c\n" } });
  const { data: closed } = await person.rest.pulls.create({
    ...SITE,
    head: "baton/9-closed",
    base: "main",
    title: "Close me",
  });
  await commitFiles(person, SITE, { branch: "baton/8-other", from: "main", files: { "b.txt": "b\n" } });
  const label = { prefix: "baton:", name: "baton:pending", color: "ededed", description: "x" };
  const check: CheckToShow = {
    externalId: "x",
    name: "baton/plan",
    status: "queued",
    conclusion: null,
    title: "x",
    summary: "x",
    detailsUrl: null,
    annotations: [],
  };
  const dispatch = { workflow: "baton.yml", attempt: "1-7-1.1", server: "https://baton.example" };
  const steps: Readonly<Record<keyof typeof github, () => Promise<unknown>>> = {
    headOf: () => github.headOf(repository, "main"),
    readFile: () => github.readFile(repository, "README.md", "main"),
    list: () => github.list(repository, "", "main"),
    roleOf: () => github.roleOf(repository, "ada"),
    userIdOf: () => github.userIdOf("ada"),
    issue: () => github.issue(repository, issue.number),
    pullRequest: () => github.pullRequest(repository, pull.number),
    changedFiles: () => github.changedFiles(repository, "main", sha),
    diff: () => github.diff(repository, "main", sha),
    observeChecks: () => github.observeChecks(repository, sha),
    ensureLabel: () => github.ensureLabel(repository, issue.number, label),
    removeLabel: () => github.removeLabel(repository, issue.number, "baton:pending"),
    ensureComment: () => github.ensureComment(repository, issue.number, "<!-- m -->", "x"),
    ensureReaction: () => github.ensureReaction(repository, comment.id, "eyes"),
    ensureChecks: () => github.ensureChecks(repository, sha, [check]),
    ensurePullRequest: () =>
      github.ensurePullRequest(repository, { head: "baton/8-other", base: "main", title: "x", body: "" }),
    ensureReadyForReview: () => github.ensureReadyForReview(repository, pull.number),
    merge: () =>
      github.merge(repository, { number: pull.number, sha, method: "squash", title: "x", message: "" }),
    ensureClosed: () => github.ensureClosed(repository, closed.number),
    dispatchRun: () => github.dispatchRun(repository, dispatch),
    cancelRun: () => github.cancelRun(repository, 1),
    pushToken: () => github.pushToken(repository),
  };
  const refused: string[] = [];
  for (const [name, step] of Object.entries(steps)) {
    const before = exchanges.length;
    await step().catch(() => undefined);
    const wasRefused = exchanges.slice(before).some(isRefusal);
    if (wasRefused) refused.push(name);
  }
  return refused.sort();
}

/** 403, or for a token with more permissions than the App has 422; GraphQL says it in an answer of 200. */
function isRefusal({
  path,
  status,
  responseBody,
}: {
  path: string;
  status: number;
  responseBody: unknown;
}): boolean {
  if (status === 403) return true;
  if (path.endsWith("/access_tokens")) return status === 422;
  return path.endsWith("/graphql") && JSON.stringify(responseBody).includes('"FORBIDDEN"');
}
