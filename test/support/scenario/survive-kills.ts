import { join } from "node:path";
import { expect } from "vitest";
import { openStore } from "../../../src/adapters/postgres/open-store.ts";
import { taskId } from "../../../src/base/ids.ts";
import type { RecordedEvent } from "../../../src/core/task/events.ts";
import type { Store } from "../../../src/ports/task-store.ts";
import { PATIENCE_MS } from "../patience.ts";
import type { AgentScript } from "./agent-script.ts";
import { awaitCondition } from "./await-condition.ts";
import type { BatonProcess, ProcessStore } from "./baton-process.ts";
import { createBatonProcess } from "./baton-process.ts";
import type { Call } from "./front-door.ts";
import { openFrontDoor } from "./front-door.ts";
import type { Scene } from "./scene.ts";
import { openScene } from "./scene.ts";
import { openScenarioForge } from "./scenario-forge.ts";
import { expectSoundRecord } from "./sound-record.ts";

/** Something that passed between Baton and the outside. */
type Step =
  /** A webhook was stored, or a runner was served; the answer has not reached its sender. */
  | { readonly kind: "inbound"; readonly name: string }
  /** GitHub did what Baton asked for; Baton may not know yet. */
  | { readonly kind: "outbound"; readonly name: string };

export type Survival = {
  /** Whether Baton is killed when this step is seen for the first time. */
  readonly killsAt: (step: Step) => boolean;
  readonly agent?: AgentScript;
  /** A database of a PostgreSQL server; without it, Baton keeps its record in a folder. */
  readonly databaseUrl?: string;
};

type Survived = {
  /** The steps at which Baton was killed, in their order. */
  readonly kills: readonly string[];
  readonly history: readonly RecordedEvent[];
};

/**
 * Runs one high task from label to merge with Baton killed at the steps that were asked for, and started again on its
 * data. What must come out is what comes out without a kill: nothing lost, nothing doubled.
 */
export async function surviveKills({ killsAt, agent = {}, databaseUrl }: Survival): Promise<Survived> {
  const site = await openScenarioForge();
  const store = databaseUrl === undefined ? { dataDir: join(site.dir, "data") } : { url: databaseUrl };
  const kills: string[] = [];
  const life: { restarting: Promise<void> | null; ending: boolean } = { restarting: null, ending: false };

  /** Whether Baton lives on. */
  function pass(step: Step): boolean {
    const name = `${step.kind} ${step.name}`;
    if (life.ending || life.restarting || kills.includes(name) || !killsAt(step)) return true;
    kills.push(name);
    const killed = baton.kill();
    life.restarting = killed
      .then(() => baton.start())
      .finally(() => {
        life.restarting = null;
      });
    return false;
  }

  const door = await openFrontDoor({
    target: () => baton.url(),
    mayAnswer: (call) => pass({ kind: "inbound", name: nameOfCall(call) }),
  });
  const baton = createBatonProcess(site, { store, publicUrl: door.url, logLevel: "warn" });
  try {
    await baton.start();
    site.sendWebhooksTo(door.url);
    site.onExchange(({ method, path, status }) => {
      if (method !== "GET" && status < 400) pass({ kind: "outbound", name: `${method} ${templateOf(path)}` });
    });
    const changes = (listener: () => void) => site.forge.hub.events.onCommitted(listener);
    const scene = await openScene(
      site,
      { store: () => null, changes },
      { policy: { tiers: { default: "high" } }, agent },
    );
    await walkToTheMerge(scene);
    life.ending = true;
    await life.restarting;
    await scene.untilTrue("all told", () => isTold(site.forge.hub.store.deliveries.find({}), door.url));
    const record = await awaitCondition({
      look: () => openWhenDone(baton, store),
      describe: async () => "Baton never came to the end of what it had to do.",
      changes,
      timeoutMs: PATIENCE_MS,
    });
    try {
      expectNothingDoubled(scene);
      const task = taskId(scene.repository.id, scene.issueNumber, 1);
      return { kills, history: await expectSoundRecord(record, task) };
    } finally {
      await record.close();
    }
  } catch (error) {
    const said = `${kills.join("\n")}\n${baton.output().slice(-8_000)}`;
    throw new Error(`Killed at:\n${said}`, { cause: error });
  } finally {
    life.ending = true;
    await life.restarting;
    await baton.stop();
    await door.close();
    await site.close();
  }
}

/** Stops Baton and opens its record; when that still holds something to do, Baton goes on and the answer is null. */
async function openWhenDone(baton: BatonProcess, location: ProcessStore): Promise<Store | null> {
  await baton.stop();
  const store = await openStore(location);
  const { inbox, outbox } = store;
  const left = [...(await inbox.pending(1)), ...(await outbox.turns(new Date(), []))];
  if (left.length === 0) return store;
  await store.close();
  await baton.start();
  return null;
}

/** The person's part, told by what people see. */
async function walkToTheMerge(scene: Scene): Promise<void> {
  const shows = (headline: string) => () =>
    (scene.statusComments()[0] ?? "").includes(`### Baton: ${headline}`);
  await scene.label("maya");
  await scene.untilTrue("the plan gate", shows("the plan waits for approval"));
  await scene.comment("robin", "/approve");
  await scene.untilTrue("the merge gate", shows("ready for review"));
  await scene.review("robin", "APPROVE");
  await scene.untilTrue("the end", shows("done"));
  await scene.untilTrue("the end's label", () => scene.labels().join() === "baton:completed");
}

function expectNothingDoubled(scene: Scene): void {
  const attempts = scene.runs().map(({ inputs }) => inputs["attempt"]);
  expect(attempts).toEqual([...new Set(attempts)]);
  expect(scene.pulls()).toHaveLength(1);
  expect(scene.pulls()[0]).toMatchObject({ merged: true });
  expect(scene.statusComments()).toHaveLength(1);
  expect(scene.ownComments()).toHaveLength(1);
}

/** Whether every webhook has reached Baton in one of its deliveries. */
function isTold(
  deliveries: readonly { readonly guid: string; readonly url: string; readonly statusCode: number }[],
  url: string,
): boolean {
  const sent = deliveries.filter((delivery) => delivery.url.startsWith(url));
  const arrived = new Set(
    sent.filter(({ statusCode }) => statusCode < 300 && statusCode >= 200).map(({ guid }) => guid),
  );
  return sent.every(({ guid }) => arrived.has(guid));
}

function nameOfCall({ method, path, headers, body }: Call): string {
  const event = headers["x-github-event"];
  if (typeof event !== "string") return `${method} ${path.replace(/attempts\/[^/]+/, "attempts/:attempt")}`;
  const { action } = JSON.parse(body.toString()) as { readonly action?: string };
  return `webhook ${event}${action === undefined ? "" : `.${action}`}`;
}

/** The path with its ids and names left out. */
function templateOf(path: string): string {
  return path
    .replace(/^\/api\/v3/, "")
    .replace(/\?.*$/, "")
    .replace(/\/repos\/[^/]+\/[^/]+/, "/repos/:repo")
    .replace(/\/labels\/.+$/, "/labels/:name")
    .replaceAll(/\/\d+(?=\/|$)/g, "/:id");
}
