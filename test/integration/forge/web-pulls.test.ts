import { expect, test } from "vitest";

import { useWebWorld, type WebWorld } from "./web-browser.ts";

const world = useWebWorld();

test.for([
  { branch: "paint", width: 1200, screen: "on a wide screen" },
  { branch: "paint-small", width: 390, screen: "on a phone" },
])(
  "a person reviews and merges with the mouse, and deletes the branch, $screen",
  async ({ branch, width }) => {
    const { visit, owner, writer, as, at } = world();
    const path = `src/${branch}.txt`;
    const pull = await openPull(world(), branch, { title: "Paint it green", path });
    const page = await visit(`/octo/app/pull/${pull}`, { as: writer, width });
    await page.getByRole("link", { name: /Files changed/ }).click();
    await page.locator(".diff-added", { hasText: "green" }).waitFor();
    await page.getByText("Review changes").click();
    await page.getByLabel(/^Your review of/).fill("Lovely **colour**");
    await page.getByRole("radio", { name: /Approve/ }).check();
    await page.getByRole("button", { name: "Submit review" }).click();
    await page.getByText("approved these changes").waitFor();
    await page.getByRole("heading", { name: "Approved" }).waitFor();

    await page.getByLabel("How to merge").selectOption("Squash into one commit");
    await page.getByRole("button", { name: "Merge pull request" }).click();
    await page.locator(".badge", { hasText: "Merged" }).waitFor();
    await page.getByText("merged this as").waitFor();
    await page.getByRole("button", { name: `Delete branch ${branch}` }).click();
    await page.getByText(`The branch ${branch} is gone.`).waitFor();

    const octokit = as(owner);
    const { data: merged } = await octokit.rest.pulls.get({ ...at, pull_number: pull });
    expect(merged).toMatchObject({ merged: true, merged_by: { login: "ada" } });
    const { data: commit } = await octokit.rest.git.getCommit({
      ...at,
      commit_sha: merged.merge_commit_sha ?? "",
    });
    expect(commit.parents).toHaveLength(1);
    const { data: reviews } = await octokit.rest.pulls.listReviews({ ...at, pull_number: pull });
    expect(reviews).toMatchObject([
      { state: "APPROVED", body: "Lovely **colour**", commit_id: merged.head.sha },
    ]);
    await expect(octokit.rest.git.getRef({ ...at, ref: `heads/${branch}` })).rejects.toMatchObject({
      status: 404,
    });

    // What was merged is still to be seen.
    await page.getByRole("link", { name: /^Commits/ }).click();
    await page.getByText(`Write ${path}`).waitFor();
  },
);

test("the merge box names each reason why a pull request cannot be merged", async () => {
  const { visit, owner, writer, as, asApp, at } = world();
  const octokit = as(owner);
  const { data: main } = await octokit.rest.git.getRef({ ...at, ref: "heads/main" });
  await octokit.rest.git.createRef({ ...at, ref: "refs/heads/release", sha: main.object.sha });
  const pull = await openPull(world(), "guarded", {
    title: "Guarded",
    path: "guarded.txt",
    draft: true,
    base: "release",
  });
  const { data } = await octokit.rest.pulls.get({ ...at, pull_number: pull });
  await octokit.rest.repos.updateBranchProtection({
    ...at,
    branch: "release",
    required_status_checks: { strict: false, contexts: ["baton/verify"] },
    required_pull_request_reviews: { required_approving_review_count: 1 },
    enforce_admins: true,
    restrictions: null,
  });
  const check = await asApp().rest.checks.create({ ...at, name: "baton/verify", head_sha: data.head.sha });

  const page = await visit(`/octo/app/pull/${pull}`, { as: writer });
  const blockers = page.locator(".blockers li");
  await expect
    .poll(() => blockers.allTextContents())
    .toEqual([
      "It is still a draft.",
      "At least 1 approving review is required by reviewers with write access.",
      'Required status check "baton/verify" is queued.',
    ]);
  expect(await page.getByRole("button", { name: "Merge pull request" }).isDisabled()).toBe(true);

  await page.locator("#merge-box").getByRole("button", { name: "Ready for review" }).click();
  await page.getByText("marked this as ready for review").waitFor();
  await as(writer).rest.pulls.createReview({ ...at, pull_number: pull, event: "APPROVE" });
  await asApp().rest.checks.update({ ...at, check_run_id: check.data.id, conclusion: "success" });
  // The page follows by itself.
  await page.getByRole("heading", { name: "Ready to merge" }).waitFor();
  await page.getByRole("button", { name: "Merge pull request" }).click();
  await page.locator(".badge", { hasText: "Merged" }).waitFor();
});

test("a conflict is named, and a head that moved after the page was read is not merged", async () => {
  const { visit, writer, as, at } = world();
  const octokit = as(writer);
  const left = await openPull(world(), "left", { title: "Left", path: "README.md" });
  const right = await openPull(world(), "right", { title: "Right", path: "README.md" });
  const page = await visit(`/octo/app/pull/${left}`, { as: writer });
  const stale = await visit(`/octo/app/pull/${left}`, { as: writer, withoutScript: true });
  await page.getByRole("button", { name: "Merge pull request" }).waitFor();
  await commit(world(), "left", { path: "later.txt", text: "pushed after the page was opened\n" });
  await stale.getByRole("button", { name: "Merge pull request" }).click();
  await expect
    .poll(() => stale.getByRole("alert").innerText())
    .toBe("Head branch was modified. Review and try the merge again.");

  await page.reload();
  await page.getByRole("button", { name: "Merge pull request" }).click();
  await page.locator(".badge", { hasText: "Merged" }).waitFor();
  const other = await visit(`/octo/app/pull/${right}`, { as: writer });
  await other.getByText("It conflicts with main.").waitFor();
  await octokit.rest.pulls.update({ ...at, pull_number: right, state: "closed" });
});

test("authors can comment on their own changes only, and nobody else's button is offered to readers", async () => {
  const { visit, writer, reader } = world();
  const pull = await openPull(world(), "own", { title: "My own", path: "own.txt" });
  const page = await visit(`/octo/app/pull/${pull}/files`, { as: world().owner });
  await page.getByText("Review changes").click();
  expect(await page.getByRole("radio", { name: /Approve/ }).isDisabled()).toBe(true);
  expect(await page.getByRole("radio", { name: /Comment/ }).isChecked()).toBe(true);
  const visitor = await visit(`/octo/app/pull/${pull}`, { as: reader });
  await visitor.getByText("Merging needs write access to this repository.").waitFor();
  expect(await visitor.getByRole("button", { name: "Merge pull request" }).count()).toBe(0);
  const list = await visit("/octo/app/pulls", { as: writer });
  await list.getByRole("link", { name: "My own" }).waitFor();
});

test("checks show their summary, annotations and buttons, which reach the App", async () => {
  const { visit, writer, as, asApp, at, events } = world();
  const pull = await openPull(world(), "checked", { title: "Checked", path: "checked.txt" });
  const { data } = await as(writer).rest.pulls.get({ ...at, pull_number: pull });
  await asApp().rest.checks.create({
    ...at,
    name: "baton/implement",
    head_sha: data.head.sha,
    conclusion: "failure",
    output: {
      title: "The tests fail",
      summary: "One of **14** fails.",
      annotations: [
        {
          path: "checked.txt",
          start_line: 1,
          end_line: 1,
          annotation_level: "failure",
          message: "Expected green",
        },
      ],
    },
    actions: [{ label: "Retry", identifier: "retry", description: "Run the stage again" }],
  });
  const page = await visit(`/octo/app/pull/${pull}/checks`, { as: writer });
  await page.getByRole("link", { name: /baton\/implement/ }).click();
  await page.getByText("One of 14 fails.").waitFor();
  await page.getByRole("link", { name: "checked.txt:1" }).waitFor();
  await page.getByText("Expected green").waitFor();
  await page.getByRole("button", { name: "Retry" }).click();
  await page.getByText("“Retry” was sent to the App.").waitFor();
  await page.getByRole("button", { name: "Re-run" }).click();
  await page.getByText("baton/implement was asked to run again.").waitFor();
  const actions = events.filter((event) => event.name === "check_run").map((event) => event.action);
  expect(actions).toContain("requested_action");
  expect(actions).toContain("rerequested");
});

interface Change {
  title: string;
  path: string;
  draft?: boolean;
  base?: string;
}

/** Opens a pull request of the owner from a branch with one commit. */
async function openPull(at: WebWorld, branch: string, change: Change): Promise<number> {
  const octokit = at.as(at.owner);
  const { data: main } = await octokit.rest.git.getRef({ ...at.at, ref: "heads/main" });
  await octokit.rest.git.createRef({ ...at.at, ref: `refs/heads/${branch}`, sha: main.object.sha });
  await commit(at, branch, { path: change.path, text: `${branch} is green\n` });
  const { title, draft = false, base = "main" } = change;
  const { data } = await octokit.rest.pulls.create({ ...at.at, title, head: branch, base, draft });
  return data.number;
}

async function commit(at: WebWorld, branch: string, file: { path: string; text: string }): Promise<void> {
  const octokit = at.as(at.owner);
  const place = { ...at.at, path: file.path };
  const existing = await octokit.rest.repos.getContent({ ...place, ref: branch }).catch(() => undefined);
  const sha = existing && "sha" in existing.data ? existing.data.sha : undefined;
  await octokit.rest.repos.createOrUpdateFileContents({
    ...place,
    branch,
    message: `Write ${file.path}`,
    content: Buffer.from(file.text).toString("base64"),
    ...(sha !== undefined && { sha }),
  });
}
