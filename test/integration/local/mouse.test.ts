import { cp, mkdtemp, readFile, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import type { Browser, Page } from "playwright-core";
import { afterAll, beforeAll, expect, test } from "vitest";
import { launchChromium } from "../../support/launch-chromium.ts";
import { PATIENCE_MS } from "../../support/patience.ts";
import { startLocalProcess } from "./local-process.ts";
import { commitAll, git } from "./user-repository.ts";

const DEMO_REPOSITORY = fileURLToPath(new URL("../../../demo/repository", import.meta.url));

let dir = "";
let browser: Browser;

beforeAll(async () => {
  dir = await mkdtemp(join(tmpdir(), "baton-mouse-"));
  browser = await launchChromium();
});

afterAll(async () => {
  await browser.close();
  await rm(dir, { recursive: true, force: true });
});

test("the whole loop goes by mouse, from a filed issue to the merge button, and nothing leaves the machine", async () => {
  const repository = await demoThatPeopleMerge();
  const local = await startLocalProcess(["--repo", repository, "--dir", join(dir, "kept")]);
  const { page, complaints } = await openPage(local.page);

  await actAs(page, "maya");
  await page.getByRole("link", { name: /^Issues/ }).click();
  await page.getByRole("link", { name: "New issue" }).first().click();
  await page.getByLabel("Title").fill("Slugs lose accented letters");
  await page.getByLabel("Description").fill("They should keep the letters and lose the accents.");
  await page.getByRole("button", { name: "File issue" }).click();
  await page.getByText("Edit labels").click();
  await page.locator("#label-picker").getByRole("button", { name: "baton", exact: true }).click();
  const status = page.locator(".comment-card", { has: page.getByRole("heading", { name: /^Baton: / }) });
  await status.getByRole("heading", { name: "Baton: the plan waits for approval" }).waitFor();
  expect(await status.innerText()).not.toMatch(/<\/?sub>/);

  await actAs(page, "robin");
  await page.getByLabel("Add a comment").fill("/approve");
  await page.getByRole("button", { name: "Comment", exact: true }).click();
  await page.getByRole("link", { name: /^Actions/ }).click();
  await page
    .getByRole("link", { name: /^Baton attempt/ })
    .first()
    .click();
  await page.getByRole("link", { name: "agent" }).first().click();
  await page.locator("main").getByText("Let the agent work").first().waitFor();

  await page.getByRole("link", { name: /^Issues/ }).click();
  await page.getByRole("link", { name: "Slugs lose accented letters" }).click();
  await status.getByRole("heading", { name: "Baton: ready for review" }).waitFor();
  await status.getByRole("link", { name: "#2" }).first().click();
  await page.getByRole("link", { name: /^Files changed/ }).click();
  await page.locator(".diff-added", { hasText: "NFKD" }).waitFor();
  await page.getByText("Review changes").click();
  await page.getByRole("radio", { name: /Approve/ }).check();
  await page.getByRole("button", { name: "Submit review" }).click();
  await page.getByText("approved these changes").waitFor();
  await page.getByRole("heading", { name: "All 7 checks passed" }).waitFor();
  await page.getByLabel("How to merge").selectOption("Squash into one commit");
  await page.getByRole("button", { name: "Merge pull request" }).click();
  await page.locator(".badge", { hasText: "Merged" }).waitFor();

  await page.setViewportSize({ width: 390, height: 800 });
  await page.getByRole("button", { name: /^Delete branch/ }).waitFor();
  expect(await page.evaluate("document.documentElement.scrollWidth")).toBe(390);
  await page.getByRole("link", { name: "#1" }).first().click();
  await status.getByRole("heading", { name: "Baton: done" }).waitFor();
  expect(complaints).toEqual([]);
});

/** The demo's repository as somebody's own, under a policy that leaves the merge to people. */
async function demoThatPeopleMerge(): Promise<string> {
  const repository = join(dir, "slugs");
  await cp(DEMO_REPOSITORY, repository, { recursive: true });
  const file = join(repository, ".github/baton.yml");
  const policy = (await readFile(file, "utf8")).replace("automatic: true", "automatic: false");
  await writeFile(file, policy);
  await git(["init", "--quiet", "--initial-branch=main", repository]);
  await commitAll(repository, "Begin");
  return repository;
}

async function openPage(url: string): Promise<{ readonly page: Page; readonly complaints: string[] }> {
  const complaints: string[] = [];
  const page = await browser.newPage({ viewport: { width: 1200, height: 900 } });
  page.setDefaultTimeout(PATIENCE_MS);
  page.on("pageerror", (error) => complaints.push(error.message));
  page.on("console", (message) => {
    if (message.type() === "error") complaints.push(message.text());
  });
  page.on("request", (request) => {
    if (!request.url().startsWith(new URL(url).origin)) complaints.push(`It asked for ${request.url()}.`);
  });
  await page.goto(url);
  return { page, complaints };
}

async function actAs(page: Page, login: string): Promise<void> {
  const menu = page.locator("#acting-menu");
  await menu.locator("summary").click();
  await menu.getByRole("button", { name: login }).click();
  await menu.locator("summary", { hasText: login }).waitFor();
}
