import { readFileSync } from "node:fs";
import fc from "fast-check";
import { describe, expect, test } from "vitest";
import type { Intent } from "../../../app/intent.ts";
import { HANDLED_EVENTS, readIntent } from "./read-intent.ts";

const OWN = {
  app: { id: 29310, slug: "baton", login: "baton[bot]" },
  workflow: ".github/workflows/baton.yml",
};

type Json = { [key: string]: unknown };
type Examples = readonly { readonly name: string; readonly examples: readonly Json[] }[];

/** Payloads that GitHub sent to people who gave them to Octokit; those of other webhooks lack the installation. */
const PUBLISHED = JSON.parse(
  readFileSync("node_modules/@octokit/webhooks-examples/api.github.com/index.json", "utf8"),
) as Examples;
const EXAMPLES = PUBLISHED.flatMap(({ name, examples }) =>
  examples.map((payload): { name: string; payload: Json } => ({
    name,
    payload: { installation: { id: 7, node_id: "MTc=" }, ...payload },
  })),
);

function firstExample(name: string, action?: string): Json {
  const found = EXAMPLES.find(
    (example) => example.name === name && (!action || example.payload.action === action),
  );
  if (found === undefined) throw new Error(`GitHub published no example of ${name} ${action ?? ""}.`);
  return structuredClone(found.payload);
}

/** The payload with other values at the given paths, `a.b.c` each. */
function changed(payload: Json, changes: Readonly<Record<string, unknown>>): Json {
  const copy = structuredClone(payload);
  for (const [path, value] of Object.entries(changes)) {
    const keys = path.split(".");
    const last = keys.pop() ?? "";
    let at = copy;
    for (const key of keys) at = at[key] as Json;
    at[last] = value;
  }
  return copy;
}

function check(name: string, payload: Json): Intent {
  return readIntent({ name, payload }, OWN);
}

describe("GitHub's published examples", () => {
  test("every one is understood", () => {
    const shapes = EXAMPLES.map(({ name, payload }) => check(name, payload)).filter(
      (intent) => intent.kind === "ignored" && intent.reason.includes("not of the shape"),
    );
    expect(shapes).toEqual([]);
  });

  test("each event and action leads to one kind of intent, or to several that its content tells apart", () => {
    const kinds = new Map<string, Set<string>>();
    for (const { name, payload } of EXAMPLES.filter((example) => HANDLED_EVENTS.includes(example.name))) {
      const key = typeof payload.action === "string" ? `${name}.${payload.action}` : name;
      kinds.set(key, (kinds.get(key) ?? new Set()).add(check(name, payload).kind));
    }
    const table = [...kinds].map(([key, found]) => `${key} → ${[...found].join(", ")}`).sort();
    expect(table).toMatchInlineSnapshot(`
      [
        "check_run.completed → ignored",
        "check_run.created → ignored",
        "check_run.requested_action → ignored",
        "check_run.rerequested → ignored",
        "check_suite.completed → ignored",
        "check_suite.requested → ignored",
        "check_suite.rerequested → check-rerequested",
        "installation.created → ignored",
        "installation.deleted → installation-removed",
        "installation.new_permissions_accepted → ignored",
        "installation.suspend → installation-removed",
        "installation.unsuspend → installation-restored",
        "installation_repositories.added → ignored",
        "installation_repositories.removed → repositories-removed",
        "issue_comment.created → comment-created",
        "issue_comment.deleted → comment-changed",
        "issue_comment.edited → comment-changed",
        "issues.assigned → ignored",
        "issues.deleted → issue-closed",
        "issues.demilestoned → ignored",
        "issues.edited → ignored",
        "issues.labeled → label-added",
        "issues.locked → ignored",
        "issues.milestoned → ignored",
        "issues.opened → ignored",
        "issues.pinned → ignored",
        "issues.reopened → issue-reopened",
        "issues.transferred → issue-closed",
        "issues.unassigned → ignored",
        "issues.unlabeled → label-removed",
        "issues.unlocked → ignored",
        "issues.unpinned → ignored",
        "merge_group.checks_requested → queue-entered",
        "pull_request.assigned → ignored",
        "pull_request.closed → pull-closed",
        "pull_request.converted_to_draft → ignored",
        "pull_request.labeled → label-added",
        "pull_request.locked → ignored",
        "pull_request.opened → pull-updated",
        "pull_request.ready_for_review → ignored",
        "pull_request.reopened → pull-updated",
        "pull_request.review_request_removed → ignored",
        "pull_request.review_requested → ignored",
        "pull_request.synchronize → pull-updated",
        "pull_request.unassigned → ignored",
        "pull_request.unlabeled → label-removed",
        "pull_request.unlocked → ignored",
        "pull_request_review.dismissed → review-dismissed",
        "pull_request_review.submitted → review-submitted",
        "push → ignored, policy-changed",
        "repository.created → ignored",
        "repository.edited → ignored, default-branch-renamed",
        "repository.privatized → ignored",
        "repository.publicized → ignored",
        "repository.renamed → repository-renamed",
        "repository.transferred → repository-gone",
        "status → ignored",
        "workflow_run.completed → ignored",
        "workflow_run.requested → ignored",
      ]
    `);
  });
});

describe("issues", () => {
  const labelled = firstExample("issues", "labeled");

  test("a label comes with the issue as it is with it, the tenant and who set it", () => {
    expect(check("issues", labelled)).toMatchObject({
      kind: "label-added",
      tenant: 7,
      isPull: false,
      label: (labelled.label as Json).name,
      sender: { login: (labelled.sender as Json).login, type: "user" },
    });
  });

  test("Baton's own labels lead to nothing", () => {
    const own = changed(labelled, { sender: { id: 1, login: "baton[bot]", type: "Bot" } });
    expect(check("issues", own)).toEqual({ kind: "ignored", reason: "Baton changed the issue itself." });
  });

  test("an empty body is an empty text", () => {
    const without = changed(labelled, { "issue.body": null });
    expect(check("issues", without)).toMatchObject({ issue: { body: "" } });
  });

  test("an edit that changes neither title nor body leads to nothing", () => {
    const edited = changed(firstExample("issues", "edited"), { changes: {} });
    expect(check("issues", edited)).toMatchObject({ kind: "ignored" });
  });
});

describe("comments", () => {
  const created = firstExample("issue_comment", "created");

  test("a comment on a pull request is told from one on an issue", () => {
    expect(check("issue_comment", created)).toMatchObject({ kind: "comment-created", isPull: false });
    const onPull = changed(created, { "issue.pull_request": { url: "https://example.test" } });
    expect(check("issue_comment", onPull)).toMatchObject({ kind: "comment-created", isPull: true });
  });

  test("a bot's comment says so", () => {
    const byBot = changed(created, { sender: { id: 5, login: "renovate[bot]", type: "Bot" } });
    expect(check("issue_comment", byBot)).toMatchObject({ sender: { login: "renovate[bot]", type: "bot" } });
  });

  test("an edit is no new comment, whoever wrote it", () => {
    const edited = changed(created, { action: "edited" });
    expect(check("issue_comment", edited)).toMatchObject({
      kind: "comment-changed",
      change: "edited",
      own: false,
    });
  });

  test("somebody deletes a comment of Baton's", () => {
    const deleted = changed(created, {
      action: "deleted",
      "comment.user": { id: 1, login: "baton[bot]", type: "Bot" },
    });
    expect(check("issue_comment", deleted)).toMatchObject({
      kind: "comment-changed",
      change: "deleted",
      own: true,
    });
  });

  test("a comment of Baton's own leads to nothing", () => {
    const own = changed(created, { sender: { id: 1, login: "baton[bot]", type: "Bot" } });
    expect(check("issue_comment", own).kind).toBe("ignored");
  });
});

describe("pull requests", () => {
  const closed = firstExample("pull_request", "closed");

  test("a merge names its commit, a mere closing does not", () => {
    const merged = changed(closed, {
      "pull_request.merged": true,
      "pull_request.merge_commit_sha": "a".repeat(40),
    });
    expect(check("pull_request", merged)).toMatchObject({ kind: "pull-closed", mergeSha: "a".repeat(40) });
    // For an open or closed one, GitHub fills the field with a trial merge.
    const unmerged = changed(merged, { "pull_request.merged": false });
    expect(check("pull_request", unmerged)).toMatchObject({ kind: "pull-closed", mergeSha: null });
  });

  test("a fork's pull request has another head repository, a deleted fork's none", () => {
    const opened = firstExample("pull_request", "opened");
    const gone = changed(opened, { "pull_request.head.repo": null });
    expect(check("pull_request", gone)).toMatchObject({
      kind: "pull-updated",
      pull: { headRepositoryId: null },
    });
  });

  test("another base is an update, another title is not", () => {
    const edited = changed(closed, { action: "edited", changes: { title: { from: "x" } } });
    expect(check("pull_request", edited).kind).toBe("ignored");
    const retargeted = changed(edited, { changes: { base: { ref: { from: "main" }, sha: { from: "0" } } } });
    expect(check("pull_request", retargeted)).toMatchObject({ kind: "pull-updated", change: "retargeted" });
  });

  test("a label on a pull request is a label", () => {
    expect(check("pull_request", firstExample("pull_request", "labeled"))).toMatchObject({
      kind: "label-added",
      isPull: true,
    });
  });
});

describe("reviews", () => {
  const submitted = firstExample("pull_request_review", "submitted");

  test.each([
    ["approved", "approved"],
    ["changes_requested", "changes-requested"],
    ["commented", "commented"],
  ])("GitHub's %s is %s, about the commit that was looked at", (theirs, ours) => {
    const payload = changed(submitted, { "review.state": theirs, "review.commit_id": "b".repeat(40) });
    expect(check("pull_request_review", payload)).toMatchObject({
      kind: "review-submitted",
      state: ours,
      sha: "b".repeat(40),
    });
  });

  test("an edited review neither approves nor refuses", () => {
    const edited = changed(submitted, { action: "edited", "review.state": "approved" });
    expect(check("pull_request_review", edited).kind).toBe("ignored");
  });

  test("a dismissed review is its reviewer's, by whomever it was dismissed", () => {
    const dismissed = firstExample("pull_request_review", "dismissed");
    expect(check("pull_request_review", dismissed)).toMatchObject({
      kind: "review-dismissed",
      reviewer: { login: ((dismissed.review as Json).user as Json).login },
    });
  });

  test("Baton's own review leads to nothing", () => {
    const own = changed(submitted, { "review.user": { id: 1, login: "baton[bot]", type: "Bot" } });
    expect(check("pull_request_review", own).kind).toBe("ignored");
  });
});

describe("merge groups", () => {
  const group = firstExample("merge_group");

  test("name the commit that waits for checks and its pull request", () => {
    const { head_sha: sha } = group["merge_group"] as { head_sha: string };
    expect(check("merge_group", group)).toMatchObject({ kind: "queue-entered", pullNumber: 104, sha });
    const destroyed = changed(group, { action: "destroyed" });
    expect(check("merge_group", destroyed)).toMatchObject({ kind: "queue-left", pullNumber: 104, sha });
  });

  test("of no pull request mean nothing", () => {
    expect(check("merge_group", changed(group, { "merge_group.head_ref": "refs/heads/main" })).kind).toBe(
      "ignored",
    );
  });
});

describe("pushes", () => {
  const push = changed(firstExample("push"), {
    ref: "refs/heads/baton/7-add-a-page",
    "repository.default_branch": "main",
    before: "b".repeat(40),
    after: "c".repeat(40),
    created: false,
    deleted: false,
    forced: true,
    commits: [{ added: [], modified: ["src/page.ts"], removed: [] }],
  });

  test("a push to a branch of Baton's names commit, branch and force", () => {
    expect(check("push", push)).toMatchObject({
      kind: "branch-pushed",
      branch: "baton/7-add-a-page",
      before: "b".repeat(40),
      sha: "c".repeat(40),
      forced: true,
    });
  });

  test.each([
    ["Implement #7: Add a page\n\nFor #7.\n\nBaton-Attempt: 1-7-1.3\nCo-authored-by: Ada <a@b>\n", "1-7-1.3"],
    ["Add\n\nBaton-Attempt: 1-7-1.3\n\nCo-authored-by: Ada <a@b>", null],
    ["Add what follows Baton-Attempt: 1-7-1.3", null],
  ])("the attempt that a head commit names among its trailers: %j", (message, attempt) => {
    expect(check("push", changed(push, { "head_commit.message": message }))).toMatchObject({ attempt });
  });

  test("a deleted branch of Baton's", () => {
    const deleted = changed(push, { deleted: true, after: "0".repeat(40) });
    expect(check("push", deleted)).toMatchObject({ kind: "branch-deleted", branch: "baton/7-add-a-page" });
  });

  test.each([
    ["another branch", { ref: "refs/heads/feature" }, "ignored"],
    ["a tag", { ref: "refs/tags/baton/1" }, "ignored"],
    ["the default branch without the policy", { ref: "refs/heads/main", forced: false }, "ignored"],
    ["the default branch by force", { ref: "refs/heads/main" }, "policy-changed"],
    [
      "the default branch with the policy",
      { ref: "refs/heads/main", forced: false, commits: [{ modified: [".github/baton.yml"] }] },
      "policy-changed",
    ],
    [
      "the default branch with a role",
      { ref: "refs/heads/main", forced: false, commits: [{ removed: [".github/baton/roles/tester.md"] }] },
      "policy-changed",
    ],
  ])("%s", (_what, changes, kind) => {
    expect(check("push", changed(push, changes)).kind).toBe(kind);
  });
});

describe("checks", () => {
  const completed = changed(firstExample("check_run", "completed"), {
    "check_run.check_suite.head_branch": "baton/7-add-a-page",
    "check_run.app.id": 15368,
  });

  test("a check of somebody else that is over on a branch of Baton's", () => {
    expect(check("check_run", completed)).toMatchObject({
      kind: "checks-changed",
      branches: ["baton/7-add-a-page"],
    });
  });

  test.each([
    ["on another branch", { "check_run.check_suite.head_branch": "main", "check_run.pull_requests": [] }],
    ["that has only begun", { action: "created" }],
    ["of Baton's own", { "check_run.app.id": OWN.app.id }],
  ])("a check %s leads to nothing", (_what, changes) => {
    expect(check("check_run", changed(completed, changes)).kind).toBe("ignored");
  });

  test("re-run of one of Baton's checks, and of all of them", () => {
    const one = changed(completed, {
      action: "rerequested",
      "check_run.app.id": OWN.app.id,
      "check_run.name": "baton/test",
    });
    expect(check("check_run", one)).toMatchObject({
      kind: "check-rerequested",
      name: "baton/test",
      branch: "baton/7-add-a-page",
    });
    const all = changed(firstExample("check_suite", "rerequested"), { "check_suite.app.id": OWN.app.id });
    expect(check("check_suite", all)).toMatchObject({ kind: "check-rerequested", name: null });
  });

  test("re-run of somebody else's check leads to nothing until it is over", () => {
    expect(check("check_run", changed(completed, { action: "rerequested" })).kind).toBe("ignored");
  });

  test.each([
    ["success", "checks-changed"],
    ["failure", "checks-changed"],
    ["pending", "ignored"],
  ])("a commit status in the state %s", (state, kind) => {
    const status = changed(firstExample("status"), {
      state,
      branches: [{ name: "main" }, { name: "baton/7-x" }],
    });
    expect(check("status", status).kind).toBe(kind);
  });
});

describe("workflow runs", () => {
  const completed = changed(firstExample("workflow_run", "completed"), {
    "workflow_run.path": ".github/workflows/baton.yml@refs/heads/main",
    "workflow_run.event": "workflow_dispatch",
    "workflow_run.conclusion": "failure",
  });

  test("a run of Baton's workflow that is over, with or without the branch behind its path", () => {
    expect(check("workflow_run", completed)).toMatchObject({
      kind: "workflow-run-completed",
      conclusion: "failure",
    });
    const bare = changed(completed, { "workflow_run.path": ".github/workflows/baton.yml" });
    expect(check("workflow_run", bare).kind).toBe("workflow-run-completed");
  });

  test.each([
    ["Baton attempt 1-7-1.12", "1-7-1.12"],
    ["1-7-1.12", "1-7-1.12"],
    ["Baton attempt 1-7-1.12x", null],
    ["A name of their own", null],
  ])("a run named %s is of the attempt %s", (display_title, attempt) => {
    const named = changed(completed, { "workflow_run.display_title": display_title });
    expect(check("workflow_run", named)).toMatchObject({ attempt });
  });

  test.each([
    ["of another workflow", { "workflow_run.path": ".github/workflows/ci.yml" }],
    ["that something else started", { "workflow_run.event": "push" }],
    ["that has only begun", { action: "requested" }],
  ])("a run %s leads to nothing", (_what, changes) => {
    expect(check("workflow_run", changed(completed, changes)).kind).toBe("ignored");
  });
});

describe("repositories and installations", () => {
  test("another default branch", () => {
    const renamed = changed(firstExample("repository", "edited"), {
      changes: { default_branch: { from: "master" } },
      "repository.default_branch": "main",
    });
    expect(check("repository", renamed)).toMatchObject({
      kind: "default-branch-renamed",
      from: "master",
      repository: { defaultBranch: "main" },
    });
  });

  test("repositories that were taken out of the installation", () => {
    const removed = firstExample("installation_repositories", "removed");
    const ids = (removed.repositories_removed as { id: number }[]).map(({ id }) => id);
    expect(check("installation_repositories", removed)).toMatchObject({
      kind: "repositories-removed",
      repositoryIds: ids,
    });
  });

  test("a suspended installation", () => {
    expect(check("installation", firstExample("installation", "suspend"))).toMatchObject({
      kind: "installation-removed",
      why: "suspended",
    });
  });
});

describe("payloads off their shape", () => {
  test("the reason names the first field that is wrong", () => {
    const broken = changed(firstExample("issues", "labeled"), { "issue.number": "seven" });
    expect(check("issues", broken)).toMatchInlineSnapshot(`
      {
        "kind": "ignored",
        "reason": "The event is not of the shape that GitHub documents: \`issue.number\`: Invalid input: expected number, received string.",
      }
    `);
  });

  test("a webhook that was not sent to the App has no installation", () => {
    const foreign = changed(firstExample("push"), { installation: undefined });
    expect(check("push", foreign)).toMatchObject({ kind: "ignored" });
  });

  test("whatever is changed in an example, there is an intent and never an error", () => {
    const leaf = fc.oneof(fc.constant(undefined), fc.jsonValue({ maxDepth: 2 }));
    const example = fc.constantFrom(...EXAMPLES.filter(({ name }) => HANDLED_EVENTS.includes(name)));
    fc.assert(
      fc.property(
        example,
        fc.array(fc.tuple(fc.nat(), leaf), { maxLength: 4 }),
        ({ name, payload }, mutations) => {
          const mutated = structuredClone(payload);
          for (const [at, value] of mutations) replaceNth(mutated, at, value);
          const intent = check(name, mutated);
          expect(intent.kind).toEqual(expect.any(String));
          if (intent.kind === "ignored") expect(intent.reason).toMatch(/^[^\n]+\.$/);
        },
      ),
      { numRuns: 500 },
    );
  });

  test("whatever is sent under whatever name, there is an intent and never an error", () => {
    const name = fc.oneof(
      fc.constantFrom(...HANDLED_EVENTS, "ping", "constructor", "__proto__"),
      fc.string(),
    );
    fc.assert(
      fc.property(name, fc.jsonValue(), (event, payload) => {
        expect(readIntent({ name: event, payload }, OWN).kind).toBe("ignored");
      }),
    );
  });
});

/** Replaces one of all values in the tree, counted in the order of a walk. */
function replaceNth(root: Json, nth: number, value: unknown): void {
  const places: { holder: Json; key: string }[] = [];
  function walk(holder: Json): void {
    for (const [key, child] of Object.entries(holder)) {
      places.push({ holder, key });
      if (typeof child === "object" && child !== null) walk(child as Json);
    }
  }
  walk(root);
  const place = places[nth % Math.max(1, places.length)];
  if (place !== undefined) place.holder[place.key] = value;
}
