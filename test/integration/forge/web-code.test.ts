import { expect, test } from "vitest";

import { useWebWorld } from "./web-browser.ts";

const world = useWebWorld();

test("a repository shows its files, its README and how to clone it", async () => {
  const { visit, writer, owner, tokenOf, clone, forge } = world();
  const git = await clone(tokenOf(owner));
  await git.commit("Document the loop", {
    "docs/loop.md": "# The loop\n\nSee [the lines](../src/lines.txt) and #1.\n",
    "src/binary.dat": "a\0b",
  });
  await git.git("push", "--quiet", "origin", "HEAD:main");

  const page = await visit("/octo/app", { as: writer });
  expect(await page.getByLabel("Clone").inputValue()).toBe(`${forge.url}/octo/app.git`);
  await page.getByRole("region", { name: "README.md" }).waitFor();
  await page.getByRole("link", { name: "docs", exact: true }).click();
  await page.getByRole("link", { name: "loop.md" }).click();
  await page.getByRole("heading", { name: "The loop" }).waitFor();
  await page.getByRole("link", { name: "the lines" }).click();
  await page.locator(".code-table tr").first().waitFor();
  expect(new URL(page.url()).pathname).toBe("/octo/app/blob/main/src/lines.txt");
  await page.goto(`${forge.url}/octo/app/blob/main/src/binary.dat`);
  await page.getByText("The file is binary.").waitFor();
  await page.goto(`${forge.url}/octo/app/commits/main`);
  await page.getByRole("link", { name: "Document the loop" }).click();
  await page.locator(".diff-added", { hasText: "The loop" }).waitFor();
});

test("a branch becomes a pull request by the compare page", async () => {
  const { visit, writer, owner, tokenOf, clone } = world();
  const git = await clone(tokenOf(owner));
  await git.git("switch", "--quiet", "--create", "feature/shapes");
  await git.commit("Add shapes", { "shapes.txt": "round\nsquare\n" });
  await git.git("push", "--quiet", "origin", "feature/shapes");

  const page = await visit("/octo/app/pulls", { as: writer });
  await page.getByRole("link", { name: "New pull request" }).click();
  await page.getByLabel("from").selectOption("feature/shapes");
  await page.getByRole("button", { name: "Compare" }).click();
  await page.locator(".diff-added", { hasText: "square" }).waitFor();
  expect(await page.getByLabel("Title").inputValue()).toBe("Add shapes");
  await page.getByRole("button", { name: "Open pull request" }).click();
  await page.getByRole("heading", { level: 1, name: "Add shapes" }).waitFor();
  expect(new URL(page.url()).pathname).toMatch(/^\/octo\/app\/pull\/\d+$/);
});

test("settings show people, rules and Apps, take new labels, and send deliveries again", async () => {
  const { visit, owner, writer, as, at, forge } = world();
  await as(writer).rest.issues.create({ ...at, title: "Delivered" });
  await expect.poll(() => forge.hub.store.deliveries.findOne({ event: "issues" })?.state).toBe("done");
  const page = await visit("/octo/app/settings", { as: owner });
  await page.getByRole("region", { name: "Collaborators" }).getByText("ada").waitFor();
  await page.getByRole("region", { name: "Installed Apps" }).getByText("acts as helper[bot]").waitFor();
  await page.getByRole("region", { name: "Branch protection" }).getByText("No branch is protected").waitFor();

  await page.getByLabel("New label").fill("area:forge");
  await page.getByLabel("Description", { exact: true }).fill("About the forge");
  await page.getByRole("button", { name: "Add label" }).click();
  await page.getByRole("region", { name: "Labels" }).getByText("About the forge").waitFor();
  const { data: label } = await as(writer).rest.issues.getLabel({ ...at, name: "area:forge" });
  expect(label).toMatchObject({ color: "b4430c", description: "About the forge" });

  const row = page.getByRole("row", { name: /issues\.opened/ }).first();
  await row.getByRole("button", { name: "Redeliver" }).click();
  await page.getByText(/is being sent again/).waitFor();
  await expect.poll(() => forge.hub.store.deliveries.findOne({ redelivery: true })?.state).toBe("done");
  const visitor = await visit("/octo/app/settings", { as: writer });
  expect(await visitor.getByRole("button", { name: "Redeliver" }).count()).toBe(0);
});

test("a private repository does not exist for those who may not see it", async () => {
  const { visit, owner, reader, forge } = world();
  await forge.hub.createRepository({ owner, name: "secret", private: true });
  const stranger = await visit("/", { as: reader });
  expect(await stranger.getByText("octo/secret").count()).toBe(0);
  for (const path of ["/octo/secret", "/octo/secret/issues", "/octo/secret/settings", "/octo/nothing"]) {
    const answer = await stranger.goto(forge.url + path);
    expect([path, answer?.status()]).toEqual([path, 404]);
    await stranger.getByRole("heading", { name: "Not found" }).waitFor();
  }
  const member = await visit("/octo/secret", { as: owner });
  await member.getByRole("heading", { name: "This repository is empty" }).waitFor();
});

test("every page that the API points to exists", async () => {
  const { forge, owner, writer, as, asApp, at, app, installation } = world();
  const octokit = as(owner);
  const { rest } = octokit;
  const { data: main } = await rest.git.getRef({ ...at, ref: "heads/main" });
  const sha = main.object.sha;
  await rest.git.createRef({ ...at, ref: "refs/heads/pointed-to", sha });
  await rest.repos.createOrUpdateFileContents({
    ...at,
    branch: "pointed-to",
    path: "pointed.txt",
    message: "Point",
    content: "eA==",
  });
  const { data: issue } = await rest.issues.create({ ...at, title: "Pointed to" });
  const { data: comment } = await rest.issues.createComment({
    ...at,
    issue_number: issue.number,
    body: "Here",
  });
  const { data: pull } = await rest.pulls.create({
    ...at,
    title: "Pointed to",
    head: "pointed-to",
    base: "main",
  });
  const review = { ...at, pull_number: pull.number, event: "COMMENT", body: "Hm" } as const;
  const { data: reviewed } = await as(writer).rest.pulls.createReview(review);
  const { data: check } = await asApp().rest.checks.create({ ...at, name: "x", head_sha: pull.head.sha });
  const { data: file } = await rest.repos.getContent({ ...at, path: "README.md" });
  const { data: comparison } = await rest.repos.compareCommitsWithBasehead({
    ...at,
    basehead: "main...pointed-to",
  });
  const { data: workflows } = await rest.actions.listRepoWorkflows(at);
  const { data: runs } = await rest.actions.listWorkflowRunsForRepo(at);
  const urls = [
    (await rest.repos.get(at)).data.html_url,
    (await rest.users.getByUsername({ username: owner.login })).data.html_url,
    (await rest.repos.getCommit({ ...at, ref: sha })).data.html_url,
    ...(Array.isArray(file) ? [] : [file.html_url, file.download_url]),
    ...[issue.html_url, comment.html_url, pull.html_url, pull.diff_url, pull.patch_url, reviewed.html_url],
    ...[check.html_url, comparison.html_url],
    ...workflows.workflows.map(({ html_url: url }) => url),
    ...runs.workflow_runs.map(({ html_url: url }) => url),
    `${forge.url}/apps/${app.slug}`,
    `${forge.url}/settings/installations/${installation.id}`,
  ];
  for (const url of urls) {
    const answer = await fetch(url ?? "");
    expect([url, answer.status]).toEqual([url, 200]);
  }
});
