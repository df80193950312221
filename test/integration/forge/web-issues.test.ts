import { expect, test } from "vitest";

import { removeCollaborator } from "../../../src/forge/hub/setup/create-repository.ts";
import { useWebWorld } from "./web-browser.ts";

const world = useWebWorld();

test.for([
  { screen: "on a wide screen", width: 1200, withoutScript: false },
  { screen: "on a phone", width: 390, withoutScript: false },
  { screen: "without scripts", width: 1200, withoutScript: true },
])(
  "a person files an issue, labels it, comments and closes it with the mouse, $screen",
  async ({ width, withoutScript }) => {
    const { visit, writer, as, at } = world();
    const page = await visit("/", { as: writer, width, withoutScript });
    await page.getByRole("link", { name: "octo/app", exact: true }).click();
    await page.getByRole("link", { name: /^Issues/ }).click();
    await page.getByRole("link", { name: "New issue" }).click();
    await page.getByLabel("Title").fill("Squares are missing");
    await page.getByLabel("Description").fill("Only **round** ones.\n\nSecond paragraph.");
    await page.getByRole("checkbox", { name: "bug" }).check();
    await page.getByRole("button", { name: "File issue" }).click();
    await expect
      .poll(() => page.getByRole("heading", { level: 1 }).textContent())
      .toContain("Squares are missing");
    const number = Number(new URL(page.url()).pathname.split("/").at(-1));

    await page.getByText("Edit labels").click();
    await page.getByRole("button", { name: "enhancement" }).click();
    await page.locator(".sidebar .labels", { hasText: "enhancement" }).waitFor();

    await page.getByLabel("Add a comment").fill("/status please");
    await page.getByRole("button", { name: "Comment", exact: true }).click();
    await page.locator(".comment-body", { hasText: "/status please" }).waitFor();

    await page.getByLabel("Add a comment").fill("No longer wanted");
    await page.getByRole("button", { name: "Close issue" }).click();
    await page.locator(".badge", { hasText: "Closed" }).waitFor();

    const octokit = as(writer);
    const { data: issue } = await octokit.rest.issues.get({ ...at, issue_number: number });
    expect(issue).toMatchObject({ title: "Squares are missing", state: "closed", user: { login: "ada" } });
    expect(issue.body).toBe("Only **round** ones.\n\nSecond paragraph.");
    expect(issue.labels.map((label) => (typeof label === "string" ? label : label.name))).toEqual([
      "bug",
      "enhancement",
    ]);
    const { data: comments } = await octokit.rest.issues.listComments({ ...at, issue_number: number });
    expect(comments.map(({ body }) => body)).toEqual(["/status please", "No longer wanted"]);
  },
);

test("reactions, new titles and edited comments go where the API shows them", async () => {
  const { visit, writer, as, at } = world();
  const octokit = as(writer);
  const { data: issue } = await octokit.rest.issues.create({ ...at, title: "Old title" });
  const comment = { ...at, issue_number: issue.number, body: "First draft" };
  const { data: commented } = await octokit.rest.issues.createComment(comment);
  const page = await visit(`/octo/app/issues/${issue.number}`, { as: writer });

  const card = page.locator(`#issuecomment-${commented.id}`);
  await card.getByTitle("Add a reaction").click();
  await card.getByRole("button", { name: "React with rocket" }).click();
  await card.getByRole("button", { name: "rocket: ada" }).waitFor();
  await card.getByText("Edit", { exact: true }).click();
  await card.getByLabel("Text").fill("Second draft");
  await card.getByRole("button", { name: "Save" }).click();
  await card.getByText("Second draft").first().waitFor();
  await card.getByText("edited", { exact: true }).waitFor();

  await page.getByTitle("Change the title").click();
  await page.getByLabel("Title").fill("New title");
  await page.locator(".rename").getByRole("button", { name: "Save" }).click();
  await page.getByRole("heading", { level: 1, name: "New title" }).waitFor();
  await page.getByText("changed the title").waitFor();

  const { data: reactions } = await octokit.rest.reactions.listForIssueComment({
    ...at,
    comment_id: commented.id,
  });
  expect(reactions.map(({ content }) => content)).toEqual(["rocket"]);
  const { data: edited } = await octokit.rest.issues.getComment({ ...at, comment_id: commented.id });
  expect(edited.body).toBe("Second draft");
});

test("the list filters by state and label", async () => {
  const { visit, writer, as, at } = world();
  const octokit = as(writer);
  const labels = ["question"];
  const { data: open } = await octokit.rest.issues.create({ ...at, title: "Still asked", labels });
  const { data: closed } = await octokit.rest.issues.create({ ...at, title: "Answered long ago", labels });
  await octokit.rest.issues.update({ ...at, issue_number: closed.number, state: "closed" });

  const page = await visit("/octo/app/issues", { as: writer });
  await page.getByLabel("Label").selectOption("question");
  await page.getByRole("button", { name: "Filter" }).click();
  const titles = page.locator(".row-title");
  await expect.poll(() => titles.allTextContents()).toEqual([open.title]);
  await page.getByRole("link", { name: /1 closed/ }).click();
  await expect.poll(() => titles.allTextContents()).toEqual([closed.title]);
});

test("what a person may not do is not offered, and refused in one sentence when tried anyway", async () => {
  const { forge, repository, visit, writer, reader, as, at } = world();
  const { data: issue } = await as(writer).rest.issues.create({ ...at, title: "Not yours" });
  const path = `/octo/app/issues/${issue.number}`;
  forge.hub.addCollaborator(repository, reader, "triage");
  const page = await visit(path, { as: reader, withoutScript: true });
  await page.getByText("Edit labels").click();

  removeCollaborator(forge.hub, { repository, user: reader });
  await page.getByRole("button", { name: "bug" }).click();
  await expect
    .poll(() => page.getByRole("alert").innerText())
    .toBe("rita may not do that here: Must have sufficient rights to Repository.");
  expect(await page.getByText("Edit labels").count()).toBe(0);
  expect(await page.getByRole("button", { name: "Close issue" }).count()).toBe(0);
  const { data: after } = await as(writer).rest.issues.get({ ...at, issue_number: issue.number });
  expect(after.labels).toEqual([]);
});

test("what was typed into a refused form is still there, and the refusal is shown once", async () => {
  const { visit, writer } = world();
  const page = await visit("/octo/app/issues/new", { as: writer });
  const text = `A text\n${"that nobody wants to type again ".repeat(2100)}`;
  await page.getByLabel("Title").fill("Far too much");
  await page.getByLabel("Description").fill(text);
  await page.getByRole("button", { name: "File issue" }).click();
  await page.getByRole("alert").waitFor();
  expect(await page.getByLabel("Title").inputValue()).toBe("Far too much");
  expect(await page.getByLabel("Description").inputValue()).toBe(text);
  await page.reload();
  expect(await page.getByRole("alert").count()).toBe(0);
});

test("acting as somebody else is one click, and is whose name things are written in", async () => {
  const { visit, writer, reader, as, at } = world();
  const { data: issue } = await as(writer).rest.issues.create({ ...at, title: "Two people" });
  const page = await visit(`/octo/app/issues/${issue.number}`, { as: writer });
  await page.locator("#acting-menu summary").click();
  await page.getByRole("button", { name: reader.login }).click();
  await page.getByText("as rita").first().waitFor();
  expect(new URL(page.url()).pathname).toBe(`/octo/app/issues/${issue.number}`);
  await page.getByLabel("Add a comment").fill("Hello from Rita");
  await page.getByRole("button", { name: "Comment", exact: true }).click();
  await page
    .locator(".comment-card", { hasText: "Hello from Rita" })
    .getByRole("link", { name: "rita" })
    .waitFor();
});
