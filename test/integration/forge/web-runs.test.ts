import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";

import { expect, onTestFinished, test } from "vitest";

import { useWebWorld, type WebWorld } from "./web-browser.ts";

const world = useWebWorld();

const workflow = `name: Show
on:
  workflow_dispatch:
    inputs:
      gate:
        required: true
permissions: {}
jobs:
  build:
    runs-on: ubuntu-latest
    steps:
      - name: Compile <img src=x onerror=alert(1)>
        env:
          GATE: \${{ inputs.gate }}
        run: |
          echo "::group::Folded <b>title</b>"
          echo "inside the group"
          echo "::endgroup::"
          printf '\\033[32mgreen words\\033[0m\\n'
          echo "<script>alert(2)</script>"
          echo "waiting"
          until [ -e "$GATE" ]; do sleep 0.1; done
          echo "::error file=README.md,line=1::Broken <i>here</i>"
          echo "### Summary **works**" >> "$GITHUB_STEP_SUMMARY"
          exit 3
  publish:
    needs: build
    runs-on: ubuntu-latest
    steps:
      - run: "true"
`;

test("a run is followed live: steps, folded logs, summary, annotations, and what was skipped", async () => {
  const { visit, writer } = world();
  const gate = await createGate();
  const run = await dispatch(world(), gate.path);
  const page = await visit("/octo/app/actions", { as: writer });
  await page.locator(`#run-${run}`).getByRole("link", { name: "Show" }).click();
  await page.getByRole("navigation", { name: "Jobs" }).getByRole("link", { name: /build/ }).click();

  // The running step stands open, and its log grows on the open page.
  const log = page.locator(".log", { hasText: "waiting" });
  await log.waitFor();
  await page.locator(".ansi-green", { hasText: "green words" }).waitFor();
  await page.getByText("<script>alert(2)</script>", { exact: true }).waitFor();
  expect(await page.getByText("inside the group", { exact: true }).isVisible()).toBe(false);
  await page.getByText("Folded <b>title</b>", { exact: true }).click();
  await page.getByText("inside the group", { exact: true }).waitFor();

  await gate.open();
  await page.locator(".log-error", { hasText: "Error: Broken <i>here</i>" }).waitFor();
  await page.locator(".badge", { hasText: "Failed" }).waitFor();
  expect(await page.getByText("inside the group", { exact: true }).isVisible()).toBe(true);
  expect(await page.locator("main :is(script, img, i)").count()).toBe(0);

  await page.getByRole("link", { name: "Summary" }).click();
  const jobs = page.getByRole("region", { name: "Jobs" });
  await jobs.locator("li", { hasText: "publish" }).getByText("after build").waitFor();
  await jobs.locator("li", { hasText: "publish" }).getByText("Skipped").first().waitFor();
  await page.locator(".annotation", { hasText: "Broken <i>here</i>" }).waitFor();
  await page.locator("strong", { hasText: "works" }).waitFor();
});

test("a run is cancelled and repeated with the mouse", async () => {
  const { visit, writer, forge } = world();
  const gate = await createGate();
  const run = await dispatch(world(), gate.path);
  const page = await visit(`/octo/app/actions/runs/${run}`, { as: writer });
  await page.locator(".badge", { hasText: "In progress" }).waitFor();
  await page.getByRole("button", { name: "Cancel run" }).click();
  await page.locator(".badge", { hasText: "Cancelled" }).waitFor();

  await gate.open();
  await page.getByRole("button", { name: "Re-run all jobs" }).click();
  await page.locator(".badge", { hasText: "Failed" }).waitFor();
  await page.getByText("Attempt", { exact: true }).waitFor();
  expect(forge.hub.store.workflowRuns.require(run).runAttempt).toBe(2);
});

test("readers see runs and cannot stop them", async () => {
  const { visit, reader, writer } = world();
  const gate = await createGate();
  await gate.open();
  const run = await dispatch(world(), gate.path);
  const page = await visit(`/octo/app/actions/runs/${run}`, { as: reader });
  await page.locator(".badge", { hasText: "Failed" }).waitFor();
  expect(await page.getByRole("button", { name: /Re-run|Cancel/ }).count()).toBe(0);
  const other = await visit(`/octo/app/actions/runs/${run}`, { as: writer, withoutScript: true });
  await other.getByRole("button", { name: "Re-run failed jobs" }).waitFor();
});

/** A file that a step of the workflow waits for. */
async function createGate(): Promise<{ path: string; open: () => Promise<void> }> {
  const dir = await mkdtemp(join(tmpdir(), "forge-gate-"));
  onTestFinished(() => rm(dir, { recursive: true, force: true }));
  const path = join(dir, "gate");
  return { path, open: () => writeFile(path, "") };
}

async function dispatch(at: WebWorld, gate: string): Promise<number> {
  const octokit = at.as(at.owner);
  const path = ".github/workflows/show.yml";
  const existing = await octokit.rest.repos.getContent({ ...at.at, path }).catch(() => undefined);
  if (existing === undefined) {
    const content = Buffer.from(workflow).toString("base64");
    await octokit.rest.repos.createOrUpdateFileContents({
      ...at.at,
      path,
      message: "Add a workflow",
      content,
    });
  }
  const known = at.forge.hub.store.workflowRuns.find({}).length;
  await octokit.rest.actions.createWorkflowDispatch({
    ...at.at,
    workflow_id: "show.yml",
    ref: "main",
    inputs: { gate },
  });
  await expect.poll(() => at.forge.hub.store.workflowRuns.find({}).length).toBeGreaterThan(known);
  const [run] = at.forge.hub.store.workflowRuns.find({}, { newestFirst: true, limit: 1 });
  if (run === undefined) throw new Error("The workflow did not start");
  return run.id;
}
