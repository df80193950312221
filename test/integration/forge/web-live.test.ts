import { expect, test } from "vitest";

import { useWebWorld } from "./web-browser.ts";

const world = useWebWorld();

test("an open page follows what others do, without touching what is being typed", async () => {
  const { visit, owner, writer, as, at } = world();
  const octokit = as(owner);
  const { data: issue } = await octokit.rest.issues.create({ ...at, title: "Watched" });
  const place = { ...at, issue_number: issue.number };
  for (let index = 0; index < 12; index += 1) {
    await octokit.rest.issues.createComment({ ...place, body: `Earlier ${index}\n\n- one\n- two\n- three` });
  }
  const page = await visit(`/octo/app/issues/${issue.number}`, { as: writer });
  const box = page.getByLabel("Add a comment");
  await box.click();
  await box.pressSequentially("half a sentence");
  await box.evaluate((area: { setSelectionRange(from: number, to: number): void }) =>
    area.setSelectionRange(4, 5),
  );
  const before = await page.evaluate<number>("window.scrollY");
  expect(before).toBeGreaterThan(0);

  await octokit.rest.issues.addLabels({ ...place, labels: ["bug"] });
  await octokit.rest.issues.createComment({ ...place, body: "Something new" });
  await octokit.rest.issues.update({ ...place, title: "Watched closely" });
  await page.locator(".comment-body", { hasText: "Something new" }).waitFor();
  await page.locator(".sidebar .labels", { hasText: "bug" }).waitFor();
  await page.getByRole("heading", { level: 1, name: "Watched closely" }).waitFor();

  expect(await box.inputValue()).toBe("half a sentence");
  expect(await page.evaluate("document.activeElement.id")).toBe("comment-text");
  expect(
    await page.evaluate("[document.activeElement.selectionStart, document.activeElement.selectionEnd]"),
  ).toEqual([4, 5]);
  // What is being typed stays on the screen although the conversation above it grew.
  const position = await box.boundingBox();
  expect(position?.y).toBeGreaterThan(0);
  expect(position?.y).toBeLessThan(800);
  expect(await page.title()).toContain("Watched closely");
});

test("an open menu and an opened fold stay open while the page changes", async () => {
  const { visit, owner, writer, as, at } = world();
  const octokit = as(owner);
  const body = "<details><summary>Log tail</summary>\n\nthe hidden part\n\n</details>";
  const { data: issue } = await octokit.rest.issues.create({ ...at, title: "Folded", body });
  const page = await visit(`/octo/app/issues/${issue.number}`, { as: writer });
  await page.locator("summary", { hasText: "Log tail" }).click();
  await page.getByText("Edit labels").click();
  await octokit.rest.issues.createComment({ ...at, issue_number: issue.number, body: "Meanwhile" });
  await page.locator(".comment-body", { hasText: "Meanwhile" }).waitFor();
  expect(await page.locator("p", { hasText: "the hidden part" }).isVisible()).toBe(true);
  expect(await page.getByText("Add or remove labels").isVisible()).toBe(true);
  await page.keyboard.press("Escape");
  await page.getByText("Add or remove labels").waitFor({ state: "hidden" });
});

test("a comment edited elsewhere is what the edit form then holds", async () => {
  const { visit, owner, writer, as, at } = world();
  const octokit = as(owner);
  const { data: issue } = await octokit.rest.issues.create({ ...at, title: "Edited elsewhere" });
  const comment = { ...at, issue_number: issue.number, body: "First words" };
  const { data: created } = await octokit.rest.issues.createComment(comment);
  const page = await visit(`/octo/app/issues/${issue.number}`, { as: writer });
  await octokit.rest.issues.updateComment({ ...at, comment_id: created.id, body: "Second words" });
  const card = page.locator(`#issuecomment-${created.id}`);
  await card.locator(".comment-body", { hasText: "Second words" }).waitFor();
  await card.getByText("Edit", { exact: true }).click();
  expect(await card.getByLabel("Text").inputValue()).toBe("Second words");
});

test("a page that nothing changed is not sent again", async () => {
  const { visit, writer, as, at } = world();
  const { data: issue } = await as(writer).rest.issues.create({ ...at, title: "Quiet" });
  const page = await visit(`/octo/app/issues/${issue.number}`, { as: writer });
  await page.waitForResponse(
    (response) => response.request().resourceType() === "fetch" && response.status() === 304,
  );
});

test("a message for the visitor outlasts the updates of the page", async () => {
  const { visit, writer, as, at } = world();
  const octokit = as(writer);
  const { data: issue } = await octokit.rest.issues.create({ ...at, title: "Messages" });
  const page = await visit(`/octo/app/issues/${issue.number}`, { as: writer });
  await page.getByRole("button", { name: "Comment", exact: true }).click();
  await page.getByRole("alert").waitFor();
  await octokit.rest.issues.createComment({ ...at, issue_number: issue.number, body: "Meanwhile" });
  await page.locator(".comment-body", { hasText: "Meanwhile" }).waitFor();
  expect(await page.getByRole("alert").innerText()).toBe("A comment needs some text.");
});
