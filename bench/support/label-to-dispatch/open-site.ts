import { once } from "node:events";
import { EventEmitter } from "node:events";
import { mkdir, mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { Octokit } from "@octokit/rest";
import { WORKFLOW_PATH } from "../../../src/contract/workflow-path.ts";
import { startForge } from "../../../src/forge/start-forge.ts";
import { createWorld } from "../../../src/main/local/create-world.ts";
import { DEMO } from "../../../src/main/local/target.ts";
import type { LocalWorld } from "../../../src/main/local/local-world.ts";
import { openWorld, pointWebhooksAt } from "../../../src/main/local/local-world.ts";
import type { Figures } from "../benchmark.ts";
import { quantile } from "../spread.ts";

/** In the place of Baton's own: what a run does after it was dispatched is not what is measured. */
const WORKFLOW = `on:
  workflow_dispatch:
    inputs:
      attempt: { type: string }
      server: { type: string }
      job: { type: string }
jobs:
  nothing:
    runs-on: ubuntu-latest
    steps:
      - run: "true"
`;

/** A forge with one repository and an App installed on it. */
export type Site = {
  readonly dir: string;
  readonly url: string;
  readonly world: LocalWorld;
  sendWebhooksTo(appUrl: string): void;
  /** Labels so many new issues one after the other; each waits for the dispatch that follows from the one before. */
  label(issues: number): Promise<Figures>;
  close(): Promise<void>;
};

export async function openSite(): Promise<Site> {
  const dir = await mkdtemp(join(tmpdir(), "baton-label-to-dispatch-"));
  const requests = new EventEmitter();
  await mkdir(join(dir, "forge"));
  const forge = await startForge({
    dir: join(dir, "forge"),
    requestsPerHour: 1_000_000,
    onExchange: ({ method, path }) => {
      if (method === "POST" && path.endsWith("/dispatches")) requests.emit("dispatch");
    },
  });
  const world = openWorld(forge, await createWorld(forge, dir, { kind: "demo", target: DEMO, wish: null }));
  const maya = new Octokit({ baseUrl: `${forge.url}/api/v3`, auth: world.tokens["maya"] });
  const repository = { owner: "maya", repo: world.repository.name };
  await replaceWorkflow(maya, repository);

  async function labelOne(): Promise<number> {
    const { data: issue } = await maya.rest.issues.create({ ...repository, title: "Add a sum" });
    const dispatched = once(requests, "dispatch");
    const start = performance.now();
    await maya.rest.issues.addLabels({ ...repository, issue_number: issue.number, labels: ["baton"] });
    await dispatched;
    const elapsedMs = performance.now() - start;
    // Its task is over, and asks for nothing while the next one is measured.
    await maya.rest.issues.update({ ...repository, issue_number: issue.number, state: "closed" });
    return elapsedMs;
  }

  return {
    dir,
    url: forge.url,
    world,
    sendWebhooksTo: (appUrl) => pointWebhooksAt(forge, world, appUrl),
    async label(issues) {
      const times: number[] = [];
      for (let count = 0; count < issues; count += 1) times.push(await labelOne());
      const sorted = Float64Array.from(times).sort();
      return { "p50 ms": quantile(sorted, 0.5), "p90 ms": quantile(sorted, 0.9) };
    },
    async close() {
      await forge.close();
      await rm(dir, { recursive: true, force: true, maxRetries: 5 });
    },
  };
}

async function replaceWorkflow(
  maya: Octokit,
  repository: { readonly owner: string; readonly repo: string },
): Promise<void> {
  const { data: file } = await maya.rest.repos.getContent({ ...repository, path: WORKFLOW_PATH });
  if (Array.isArray(file)) throw new Error(`${WORKFLOW_PATH} is a folder.`);
  await maya.rest.repos.createOrUpdateFileContents({
    ...repository,
    path: WORKFLOW_PATH,
    message: "Do nothing in a run",
    sha: file.sha,
    content: Buffer.from(WORKFLOW).toString("base64"),
  });
}
