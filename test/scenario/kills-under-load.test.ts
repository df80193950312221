import { chmodSync } from "node:fs";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { STATUS_LABEL_PREFIX } from "../../src/app/status-label-prefix.ts";
import { openStore } from "../../src/adapters/postgres/open-store.ts";
import { CONFIG_PATH } from "../../src/contract/repository-config/config-problem.ts";
import { taskId, type TaskId } from "../../src/base/ids.ts";
import type { StoredEntry } from "../../src/ports/task-store.ts";
import { sampleDelivery } from "../contract/sample-task.ts";
import { drawFrom } from "../support/draw-from.ts";
import type { TestPostgres } from "../support/postgres/start-postgres.ts";
import { findPostgresPrograms, startPostgres } from "../support/postgres/start-postgres.ts";
import { observeScene } from "../support/scenario/observe-scene.ts";
import type { BatonProcess, ProcessStore } from "../support/scenario/baton-process.ts";
import { createBatonProcess } from "../support/scenario/baton-process.ts";
import type { ScenarioForge } from "../support/scenario/scenario-forge.ts";
import { policyText } from "../support/scenario/scene.ts";
import { openScenarioForge, writeIn } from "../support/scenario/scenario-forge.ts";
import { expectSoundRecord } from "../support/scenario/sound-record.ts";
import type { Sample, WebhookLoad } from "../support/scenario/webhook-load.ts";
import { sendWebhooks } from "../support/scenario/webhook-load.ts";
import { waitFor } from "../support/wait-for.ts";

const KILLS = 2;
const ISSUES = 3;

/** Between two kills at least this many deliveries are acknowledged, and up to twice as many. */
const DELIVERIES = 40;

/** What changes no task: most of what GitHub sends. */
const IGNORED: Sample = { event: "star", body: JSON.stringify({ action: "created" }) };

let site: ScenarioForge;

beforeAll(async () => {
  site = await openScenarioForge();
});

afterAll(async () => {
  await site.close();
});

/** A repository whose issues are labelled, and what GitHub has to say of that. Its tasks have no workflow to run. */
async function labelIssues(name: string) {
  const repository = await site.createRepository({
    name,
    workflow: false,
    fill: (folder) => writeIn(folder, CONFIG_PATH, policyText({})),
  });
  const place = { owner: "maya", repo: name };
  const issues: number[] = [];
  for (let n = 0; n < ISSUES; n++) {
    const { data } = await site.as("maya").rest.issues.create({ ...place, title: `Issue ${n}` });
    await site.as("maya").rest.issues.addLabels({ ...place, issue_number: data.number, labels: ["baton"] });
    issues.push(data.number);
  }
  const labelled = await waitFor(() => {
    const said = site.forge.hub.store.deliveries
      .find({})
      .filter(
        ({ event, action, repositoryId }) =>
          event === "issues" && action === "labeled" && repositoryId === repository.id,
      );
    expect(said).toHaveLength(ISSUES);
    return said.map(({ event, body }): Sample => ({ event, body }));
  });
  const views = issues.map((number) => observeScene(site, repository, number));
  return {
    samples: labelled.flatMap((sample) => [sample, IGNORED, IGNORED, IGNORED, IGNORED]),
    tasks: issues.map((number) => taskId(repository.id, number, 1)),
    /** Whether each issue shows that there is a task. */
    areTaken: () =>
      views.every((view) => view.labels().some((label) => label.startsWith(STATUS_LABEL_PREFIX))),
  };
}

type Labelled = Awaited<ReturnType<typeof labelIssues>>;

/** Lets a Baton take in webhooks while `disturb` does its worst, and looks at what is on record in the end. */
async function expectKept(
  store: ProcessStore,
  labelled: Labelled,
  disturb: (baton: BatonProcess, load: WebhookLoad) => Promise<void>,
): Promise<WebhookLoad> {
  const baton = createBatonProcess(site, { store, publicUrl: "http://127.0.0.1:9", logLevel: "fatal" });
  await baton.start();
  const load = sendWebhooks({ url: baton.url, secret: site.webhookSecret, samples: labelled.samples });
  try {
    await disturb(baton, load);
    await load.stop();
    await waitFor(() => expect(labelled.areTaken()).toBe(true));
  } catch (error) {
    throw new Error(`Baton said:\n${baton.output().slice(-4_000)}`, { cause: error });
  } finally {
    load.abandon();
    await baton.stop();
  }
  await expectRecord(store, labelled.tasks, load.acknowledged);
  return load;
}

async function expectRecord(
  location: ProcessStore,
  tasks: readonly TaskId[],
  acknowledged: readonly string[],
): Promise<void> {
  const store = await openStore(location);
  try {
    const verdict = await store.tasks.verifyRecord();
    expect(verdict).toMatchObject({ tasks: tasks.length, faults: [] });
    for (const task of tasks) {
      await expectSoundRecord(store, task);
      expect(causesTwice(await store.tasks.history(task))).toEqual([]);
    }
    // What is in the inbox, settled or not, is not stored when it comes again.
    const answers = await Promise.all(acknowledged.map((id) => store.inbox.store(sampleDelivery(id))));
    expect(acknowledged.filter((_id, index) => answers[index] === "stored")).toEqual([]);
  } finally {
    await store.close();
  }
}

/** Causes of more than one entry: such a delivery or effect was carried out twice. */
function causesTwice(entries: readonly StoredEntry[]): readonly string[] {
  const causes = entries.map(({ meta }) => meta.cause);
  return causes.filter((cause, index) => causes.indexOf(cause) !== index);
}

/** Resolves after a drawn number of further deliveries. */
function someMore(load: WebhookLoad, draw: () => number): Promise<void> {
  return load.untilAcknowledged(load.acknowledged.length + Math.ceil(DELIVERIES * (1 + draw())));
}

async function killServer(baton: BatonProcess, load: WebhookLoad, seed: number): Promise<void> {
  const draw = drawFrom(seed);
  for (let kill = 0; kill < KILLS; kill++) {
    await someMore(load, draw);
    await baton.kill();
    await baton.start();
  }
  await someMore(load, draw);
}

test("a server killed again and again while webhooks come in keeps every one that it acknowledged", async () => {
  const labelled = await labelIssues("embedded");
  const store = { dataDir: join(site.dir, "embedded") };
  await expectKept(store, labelled, (baton, load) => killServer(baton, load, 20_261_122));
});

test("a killed server leaves its PostgreSQL to the next one, with every webhook that it acknowledged", async () => {
  const labelled = await labelIssues("own-postgres");
  // PostgreSQL runs as another user where this is root, and has to reach its folder.
  chmodSync(site.dir, 0o711);
  const store = { serverDir: join(site.dir, "own-postgres") };
  await expectKept(store, labelled, (baton, load) => killServer(baton, load, 20_261_125));
});

describe.skipIf((await findPostgresPrograms()) === null)("over PostgreSQL", () => {
  let postgres: TestPostgres;

  beforeAll(async () => {
    postgres = await startPostgres();
  });

  afterAll(async () => {
    await postgres.stop();
  });

  test("a killed server keeps every webhook that it acknowledged", async () => {
    const labelled = await labelIssues("over-postgres");
    const store = { url: await postgres.createDatabase() };
    await expectKept(store, labelled, (baton, load) => killServer(baton, load, 20_261_123));
  });

  test("a database killed under the living server is told to senders, and the server goes on by itself", async () => {
    const labelled = await labelIssues("under-the-server");
    const store = { url: await postgres.createDatabase() };
    const load = await expectKept(store, labelled, async (baton, sent) => {
      const url = baton.url();
      const draw = drawFrom(20_261_124);
      for (let kill = 0; kill < KILLS; kill++) {
        await someMore(sent, draw);
        await postgres.crashAndRestart();
      }
      await someMore(sent, draw);
      expect(baton.url()).toBe(url);
      expect(baton.isAlive()).toBe(true);
    });
    // Whoever has to come again was told so; what was stored without an answer is a duplicate then.
    expect(load.statuses.get(503)).toBeGreaterThan(0);
    expect([...load.statuses.keys()].filter((status) => ![200, 202, 503].includes(status))).toEqual([]);
    expect(load.unhelpful()).toBe(0);
  });
});
