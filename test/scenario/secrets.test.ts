import { randomBytes } from "node:crypto";
import { readdir, readFile } from "node:fs/promises";
import { join } from "node:path";
import { expect, test } from "vitest";
import { openStore } from "../../src/adapters/postgres/open-store.ts";
import { attemptId, taskId } from "../../src/base/ids.ts";
import { IMPLEMENTS } from "../support/scenario/agent-script.ts";
import { createBatonProcess } from "../support/scenario/baton-process.ts";
import { openFrontDoor } from "../support/scenario/front-door.ts";
import type { Scene } from "../support/scenario/scene.ts";
import { openScene } from "../support/scenario/scene.ts";
import type { ScenarioForge } from "../support/scenario/scenario-forge.ts";
import { openScenarioForge } from "../support/scenario/scenario-forge.ts";

/** What an agent would do that looks for secrets where they might lie. */
const CURIOUS = [
  "env",
  "git config --list --show-origin || true",
  "cat .git/config || true",
  "tr '\\0' '\\n' < /proc/self/environ",
];

test("no secret of the server, the App, a runner or the repository shows in anything that a task leaves behind", async () => {
  const site = await openScenarioForge();
  const dataDir = join(site.dir, "data");
  const bearers = new Set<string>();
  const door = await openFrontDoor({
    target: () => baton.url(),
    mayAnswer: ({ headers }) => {
      const [, bearer] = /^Bearer (.+)$/.exec(headers.authorization ?? "") ?? [];
      if (bearer !== undefined) bearers.add(bearer);
      return true;
    },
  });
  const baton = createBatonProcess(site, {
    store: { dataDir },
    publicUrl: door.url,
    logLevel: "trace",
  });
  try {
    await baton.start();
    site.sendWebhooksTo(door.url);
    const changes = (listener: () => void) => site.forge.hub.events.onCommitted(listener);
    const scene = await openScene(
      site,
      { store: () => null, changes },
      { policy: { tiers: { default: "low" } }, agent: { implement: [{ ...IMPLEMENTS, run: CURIOUS }] } },
    );
    const planted = plantSecret(site, scene);
    await scene.label("maya");
    await scene.untilTrue("the end", () => scene.labels().join() === "baton:completed");
    await baton.stop();

    const secrets = new Map([
      ["the webhook secret", site.webhookSecret],
      ["the private key", site.privateKey.split("\n")[3] ?? ""],
      ["the repository's secret", planted],
      ...installationTokens(site).map((token, index) => [`installation token ${index}`, token] as const),
      ...[...bearers].map((token, index) => [`runner's token ${index}`, token] as const),
    ]);
    // A lease, a delivery and an OIDC token for each of them, at least.
    expect(bearers.size).toBeGreaterThanOrEqual(8);
    expect(installationTokens(site).length).toBeGreaterThanOrEqual(2);
    const places = new Map([
      ["Baton's log", baton.output()],
      ["the record", await recordOf(dataDir, scene)],
      ["what the forge shows", shownBy(site)],
      ...(await filesIn(join(site.dir, "records"))),
      ...(await filesIn(join(site.dir, "forge"))),
    ]);
    const found = [...places].flatMap(([place, text]) => [
      ...[...secrets].filter(([, secret]) => text.includes(secret)).map(([what]) => `${what} in ${place}`),
      ...[...text.matchAll(/\bgh[ops]_[A-Za-z0-9]{30,}/g)].map(([token]) => `${token} in ${place}`),
    ]);
    expect(found).toEqual([]);
    const log = [...places].find(([, text]) => text.includes("BATON_STAGE=implement"));
    expect(log, "the agent's output is among what was searched").toBeDefined();
  } finally {
    await baton.stop();
    await door.close();
    await site.close();
  }
}, 400_000);

function plantSecret({ forge }: ScenarioForge, { repository }: Scene): string {
  const value = `planted-${randomBytes(16).toString("hex")}`;
  forge.hub.change(() =>
    forge.hub.store.repositoryVariables.insert({
      repositoryId: repository.id,
      kind: "secret",
      name: "DEPLOY_KEY",
      value,
    }),
  );
  return value;
}

function installationTokens({ exchanges }: ScenarioForge): string[] {
  return exchanges
    .filter(({ path, status }) => path.endsWith("/access_tokens") && status === 201)
    .map(({ responseBody }) => (responseBody as { readonly token: string }).token);
}

async function recordOf(dataDir: string, scene: Scene): Promise<string> {
  const store = await openStore({ dataDir });
  try {
    const task = taskId(scene.repository.id, scene.issueNumber, 1);
    const history = await store.tasks.history(task);
    const lines = history.map(({ canonical }) => canonical);
    for (let ordinal = 1; ordinal <= 5; ordinal++) {
      lines.push(...(await store.attempts.sessionEvents(attemptId(task, ordinal))));
    }
    expect(lines.length).toBeGreaterThan(history.length);
    return lines.join("\n");
  } finally {
    await store.close();
  }
}

/** All that the forge would show to somebody who may see the repository, and what it sent. */
function shownBy({ forge }: ScenarioForge): string {
  const { store } = forge.hub;
  const {
    issues,
    comments,
    pulls,
    reviews,
    checkRuns,
    timelineEvents,
    workflowRuns,
    workflowJobs,
    deliveries,
  } = store;
  return [issues, comments, pulls, reviews, checkRuns, timelineEvents, workflowRuns, workflowJobs, deliveries]
    .map((table) => JSON.stringify(table.find({})))
    .join("\n");
}

/** Files as text, but for the forge's own database, which GitHub's would be, and git's packed objects. */
async function filesIn(folder: string): Promise<[string, string][]> {
  const entries = await readdir(folder, { recursive: true, withFileTypes: true });
  const files = entries.filter((entry) => entry.isFile() && !entry.name.startsWith("forge.sqlite"));
  return Promise.all(
    files.map(async (entry): Promise<[string, string]> => {
      const path = join(entry.parentPath, entry.name);
      return [path, await readFile(path, "latin1")];
    }),
  );
}
