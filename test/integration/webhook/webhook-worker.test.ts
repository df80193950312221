import { randomUUID } from "node:crypto";
import { Probot } from "probot";
import { expect, onTestFinished, test } from "vitest";
import type { Intent } from "../../../src/app/intent.ts";
import type { DeliveryId } from "../../../src/base/ids.ts";
import { GitHubUnavailable } from "../../../src/ports/github-unavailable.ts";
import {
  createWebhookWorker,
  type WebhookWorkerOptions,
} from "../../../src/surfaces/webhook/create-webhook-worker.ts";
import { manualClock } from "../github/manual-clock.ts";
import { silentLog } from "../github/silent-log.ts";
import { waitFor } from "../../support/wait-for.ts";
import { memoryInbox } from "./memory-inbox.ts";

const OWN = { app: { id: 1, slug: "baton", login: "baton[bot]" }, workflow: ".github/workflows/baton.yml" };

type Handle = (intent: Intent, id: DeliveryId) => Promise<void>;

/** A comment on an issue; its text names it in the tests. */
function comment(body: string, issue = 7, repository = 1) {
  return {
    action: "created",
    installation: { id: 5 },
    repository: { id: repository, name: "engine", owner: { login: "ada" }, default_branch: "main" },
    sender: { id: 2, login: "ada", type: "User" },
    issue: { number: issue, title: "Add a page", body: null, labels: [] },
    comment: { id: 3, body, user: { id: 2, login: "ada", type: "User" }, created_at: "2026-01-01T00:00:00Z" },
  };
}

function openWorker(handle: Handle, limits: Partial<WebhookWorkerOptions> = {}) {
  const inbox = memoryInbox();
  const clock = manualClock();
  const probot = new Probot({ githubToken: "x", log: silentLog });
  const worker = createWebhookWorker({
    probot,
    inbox,
    handle,
    own: OWN,
    clock,
    log: silentLog,
    ...limits,
  });
  const stop = new AbortController();
  const running = worker.run(stop.signal);
  onTestFinished(async () => {
    stop.abort();
    await running;
  });
  async function deliver(payload: unknown, event = "issue_comment"): Promise<DeliveryId> {
    const id = randomUUID() as DeliveryId;
    const body = typeof payload === "string" ? payload : JSON.stringify(payload);
    const delivery = { id, event, body: Buffer.from(body), receivedAt: clock.now().toISOString() };
    await inbox.store(delivery);
    worker.take(delivery);
    return id;
  }
  return { inbox, clock, probot, worker, deliver, stop, running };
}

function textOf(intent: Intent): string {
  return intent.kind === "comment-created" ? intent.body : intent.kind;
}

/** Settles everything, and remembers in which order; `hold` keeps what has this text until released. */
function recorder() {
  const begun: string[] = [];
  const ended: string[] = [];
  const gates = new Map<string, Promise<void>>();
  return {
    begun,
    ended,
    hold(text: string): () => void {
      const { promise, resolve } = Promise.withResolvers<void>();
      gates.set(text, promise);
      return resolve;
    },
    async work(intent: Intent): Promise<void> {
      begun.push(textOf(intent));
      await gates.get(textOf(intent));
      ended.push(textOf(intent));
    },
  };
}

test("deliveries of an issue are worked on one after the other, those of others meanwhile", async () => {
  const seen = recorder();
  const release = seen.hold("first");
  const { deliver, inbox } = openWorker(async (intent, id) => {
    await seen.work(intent);
    await inbox.settle(id, "done");
  });
  await deliver(comment("first"));
  await deliver(comment("second"));
  await deliver(comment("another issue", 8));
  await deliver(comment("another repository", 7, 2));
  await waitFor(() => expect(seen.ended).toEqual(["another issue", "another repository"]));
  expect(seen.begun).not.toContain("second");
  release();
  await waitFor(() => expect(seen.ended.slice(2)).toEqual(["first", "second"]));
});

test("each delivery has exactly one outcome, and is handed on once", async () => {
  const { deliver, inbox } = openWorker(async (intent, id) => inbox.settle(id, textOf(intent)), { batch: 4 });
  const texts = Array.from({ length: 50 }, (_, index) => `comment ${index}`);
  for (const text of texts) await deliver(comment(text, 1 + (texts.indexOf(text) % 5)));
  await waitFor(() => expect(inbox.outcomes.size).toBe(50));
  expect([...inbox.outcomes.values()].flat().sort()).toEqual([...texts].sort());
});

test("deliveries that were stored before the start are worked on without a call", async () => {
  const { inbox, worker, running, stop } = openWorker(async (intent, id) => inbox.settle(id, textOf(intent)));
  stop.abort();
  await running;
  await inbox.store({
    id: randomUUID() as DeliveryId,
    event: "issue_comment",
    body: Buffer.from(JSON.stringify(comment("from before"))),
    receivedAt: "2026-01-01T00:00:00.000Z",
  });
  const again = new AbortController();
  const second = worker.run(again.signal);
  await waitFor(() => expect([...inbox.outcomes.values()]).toEqual([["from before"]]));
  again.abort();
  await second;
});

test("what was handed over is not read again, and what found no room is, in the order received", async () => {
  const seen = recorder();
  const release = seen.hold("comment 0");
  const { inbox, worker } = openWorker(
    async (intent, id) => {
      await seen.work(intent);
      await inbox.settle(id, "done");
    },
    { batch: 1, maxBytesHandedOver: 1_000 },
  );
  const reads: number[] = [];
  const pending = inbox.pending.bind(inbox);
  inbox.pending = async (limit, besides) => {
    const found = await pending(limit, besides);
    reads.push(found.length);
    return found;
  };
  // The look at the start comes to its end.
  await new Promise((resolve) => setImmediate(resolve));
  const texts = Array.from({ length: 8 }, (_, index) => `comment ${index}`);
  for (const text of texts) {
    const delivery = {
      id: randomUUID() as DeliveryId,
      event: "issue_comment",
      body: Buffer.from(JSON.stringify(comment(text))),
      receivedAt: "2026-01-01T00:00:00.000Z",
    };
    await inbox.store(delivery);
    worker.take(delivery);
    if (text === "comment 0") await waitFor(() => expect(seen.begun).toEqual(["comment 0"]));
  }
  expect(reads).toEqual([]);
  release();
  await waitFor(() => expect(seen.ended).toEqual(texts));
  expect(reads.length).toBeGreaterThan(0);
});

test("what was read and done with before it is handed over is not worked on again", async () => {
  const seen = recorder();
  const { inbox, worker } = openWorker(async (intent, id) => {
    await seen.work(intent);
    await inbox.settle(id, "done");
  });
  const store = async (text: string) => {
    const id = randomUUID() as DeliveryId;
    const body = Buffer.from(JSON.stringify(comment(text)));
    const delivery = { id, event: "issue_comment", body, receivedAt: "2026-01-01T00:00:00.000Z" };
    await inbox.store(delivery);
    return delivery;
  };
  const late = await store("late");
  worker.look();
  await waitFor(() => expect(inbox.outcomes.size).toBe(1));
  // The look comes to its end.
  await new Promise((resolve) => setImmediate(resolve));
  worker.take(late);
  worker.take(await store("next"));
  await waitFor(() => expect(seen.ended).toEqual(["late", "next"]));
});

test("no more are worked on at once than allowed", async () => {
  const seen = recorder();
  const releases = [1, 2, 3, 4].map((issue) => seen.hold(`on ${issue}`));
  const { deliver, inbox } = openWorker(
    async (intent, id) => {
      await seen.work(intent);
      await inbox.settle(id, "done");
    },
    { concurrency: 2 },
  );
  for (const issue of [1, 2, 3, 4]) await deliver(comment(`on ${issue}`, issue));
  await waitFor(() => expect(seen.begun).toEqual(["on 1", "on 2"]));
  releases[1]?.();
  await waitFor(() => expect(seen.begun).toEqual(["on 1", "on 2", "on 3"]));
  for (const release of releases) release();
  await waitFor(() => expect(seen.ended).toHaveLength(4));
});

test("one that fails steps aside, is tried again after a pause that doubles, and is given up in the end", async () => {
  const tries: string[] = [];
  const { deliver, inbox, clock } = openWorker(async (intent, id) => {
    tries.push(textOf(intent));
    if (textOf(intent) === "poison") throw new Error("Cannot read properties of undefined.");
    await inbox.settle(id, "done");
  });
  const poison = await deliver(comment("poison"));
  const next = await deliver(comment("next"));
  await waitFor(() => expect(inbox.outcomes.get(next)).toEqual(["done"]));
  for (let failures = 1; failures < 8; failures += 1) {
    const pauseMs = 1_000 * 2 ** (failures - 1);
    await waitFor(() => expect(clock.waits).toContain(pauseMs));
    clock.advance(pauseMs);
    await waitFor(() => expect(tries.filter((text) => text === "poison")).toHaveLength(failures + 1));
  }
  await waitFor(() =>
    expect(inbox.outcomes.get(poison)).toEqual([
      "Given up after 8 failures: Cannot read properties of undefined.",
    ]),
  );
});

test("while GitHub cannot be reached, an issue's deliveries wait in order and others go on", async () => {
  const tries: string[] = [];
  let down = true;
  const { deliver, inbox, clock } = openWorker(async (intent, id) => {
    tries.push(textOf(intent));
    if (down && textOf(intent) === "/hold") {
      throw new GitHubUnavailable("Limited.", { retryAt: new Date(clock.now().getTime() + 60_000) });
    }
    await inbox.settle(id, "done");
  });
  await deliver(comment("/hold"));
  await deliver(comment("/resume"));
  await deliver(comment("elsewhere", 8));
  await waitFor(() => expect(tries).toEqual(["/hold", "elsewhere"]));
  await waitFor(() => expect(clock.waits).toContain(60_000));
  down = false;
  clock.advance(60_000);
  await waitFor(() => expect(tries).toEqual(["/hold", "elsewhere", "/hold", "/resume"]));
});

test("an outage gives nothing up, however long it lasts", async () => {
  let tries = 0;
  const { deliver, inbox, clock } = openWorker(async (_intent, id) => {
    tries += 1;
    if (tries <= 20) throw new GitHubUnavailable("Down.");
    await inbox.settle(id, "done");
  });
  await deliver(comment("patient"));
  await waitFor(() => {
    clock.advance(5 * 60_000);
    expect(tries).toBe(21);
  });
  await waitFor(() => expect([...inbox.outcomes.values()]).toEqual([["done"]]));
});

test("after an outage, a failure of another kind is the first", async () => {
  let tries = 0;
  const { deliver, inbox, clock } = openWorker(async (_intent, id) => {
    tries += 1;
    if (tries <= 10) throw new GitHubUnavailable("Down.");
    if (tries === 11) throw new Error("A hiccup.");
    await inbox.settle(id, "done");
  });
  const id = await deliver(comment("patient"));
  await waitFor(() => {
    clock.advance(5 * 60_000);
    expect(inbox.outcomes.get(id)).toEqual(["done"]);
  });
});

test("what waits for a later try does not keep new ones from being fetched", async () => {
  const { deliver, inbox } = openWorker(
    async (intent, id) => {
      if (textOf(intent).startsWith("poison")) throw new Error("Broken.");
      await inbox.settle(id, "done");
    },
    { batch: 2 },
  );
  for (let index = 0; index < 6; index += 1) await deliver(comment(`poison ${index}`, 10 + index));
  const fine = await deliver(comment("fine", 30));
  await waitFor(() => expect(inbox.outcomes.get(fine)).toEqual(["done"]));
});

test("what waits behind an outage does not keep others from being worked on", async () => {
  const { deliver, inbox, clock } = openWorker(
    async (intent, id) => {
      if (textOf(intent) !== "elsewhere") {
        throw new GitHubUnavailable("Limited.", { retryAt: new Date(clock.now().getTime() + 60_000) });
      }
      await inbox.settle(id, "done");
    },
    { batch: 2 },
  );
  await deliver(comment("limited"));
  await waitFor(() => expect(clock.waits).toContain(60_000));
  for (const text of ["behind", "behind it", "last"]) await deliver(comment(text));
  const elsewhere = await deliver(comment("elsewhere", 8));
  await waitFor(() => expect(inbox.outcomes.get(elsewhere)).toEqual(["done"]));
});

test("a signed body that is no JSON gets its outcome like any other", async () => {
  const { deliver, inbox } = openWorker(async (intent, id) =>
    inbox.settle(id, intent.kind === "ignored" ? intent.reason : "?"),
  );
  const broken = await deliver('{"action": }');
  const list = await deliver("[1]");
  await waitFor(() => expect(inbox.outcomes.size).toBe(2));
  expect(inbox.outcomes.get(broken)).toEqual(["The body is no JSON."]);
  expect(inbox.outcomes.get(list)).toEqual(["The body is no JSON object."]);
});

test("events that Baton does not know, or that are off their shape, get an outcome that says so", async () => {
  const { deliver, inbox } = openWorker(async (intent, id) =>
    inbox.settle(id, intent.kind === "ignored" ? intent.reason : "?"),
  );
  const unknown = await deliver({ action: "started" }, "watch");
  const broken = await deliver({ ...comment("x"), issue: 7 });
  await waitFor(() => expect(inbox.outcomes.size).toBe(2));
  expect(inbox.outcomes.get(unknown)).toEqual(["Baton does not work with `watch` events."]);
  expect(inbox.outcomes.get(broken)?.[0]).toContain("not of the shape that GitHub documents: `issue`");
});

test("other handlers on the same Probot get the events, and what fails in them is theirs alone", async () => {
  const heard: string[] = [];
  const { deliver, inbox, clock, probot } = openWorker(async (intent, id) =>
    inbox.settle(id, textOf(intent)),
  );
  probot.on("issue_comment.created", async ({ payload }) => {
    heard.push(payload.comment.body);
    throw new Error("Not ours.");
  });
  await deliver(comment("first"));
  await deliver(comment("second"));
  await waitFor(() => expect([...inbox.outcomes.values()]).toEqual([["first"], ["second"]]));
  expect(heard).toEqual(["first", "second"]);
  // Nothing waits for another try.
  expect(clock.waits).not.toContain(1_000);
});

test("a delivery that Probot could not hand on is tried again", async () => {
  const { deliver, inbox, clock, probot } = openWorker(async (intent, id) =>
    inbox.settle(id, textOf(intent)),
  );
  const receive = probot.receive.bind(probot);
  probot.receive = () => Promise.reject(new Error("No client for the event."));
  await deliver(comment("patient"));
  await waitFor(() => expect(clock.waits).toContain(1_000));
  expect(inbox.outcomes.size).toBe(0);
  probot.receive = receive;
  clock.advance(1_000);
  await waitFor(() => expect([...inbox.outcomes.values()]).toEqual([["patient"]]));
});

test("what was stored without a call is found by a look", async () => {
  const { deliver, inbox, worker } = openWorker(async (intent, id) => inbox.settle(id, textOf(intent)));
  await deliver(comment("handed over"));
  await waitFor(() => expect(inbox.outcomes.size).toBe(1));
  const id = randomUUID() as DeliveryId;
  const body = Buffer.from(JSON.stringify(comment("answer lost")));
  await inbox.store({ id, event: "issue_comment", body, receivedAt: "2026-01-01T00:00:00.000Z" });
  worker.look();
  await waitFor(() => expect(inbox.outcomes.get(id)).toEqual(["answer lost"]));
});

test("a store that cannot be asked is asked again", async () => {
  const { deliver, inbox, clock } = openWorker(async (intent, id) => inbox.settle(id, textOf(intent)), {
    maxBytesHandedOver: 0,
  });
  const pending = inbox.pending.bind(inbox);
  inbox.pending = () => Promise.reject(new Error("connection refused"));
  await deliver(comment("patient"));
  await waitFor(() => expect(clock.waits).toContain(1_000));
  // Its answer takes longer than a turn, as a database's does.
  inbox.pending = async (limit, besides) => {
    await new Promise((resolve) => setImmediate(resolve));
    return pending(limit, besides);
  };
  clock.advance(1_000);
  await waitFor(() => expect([...inbox.outcomes.values()]).toEqual([["patient"]]));
});

test("the end waits for what was begun, and begins nothing more", async () => {
  const seen = recorder();
  const release = seen.hold("begun");
  const { deliver, inbox, stop, running } = openWorker(async (intent, id) => {
    await seen.work(intent);
    await inbox.settle(id, "done");
  });
  await deliver(comment("begun"));
  await deliver(comment("behind"));
  await waitFor(() => expect(seen.begun).toEqual(["begun"]));
  stop.abort();
  release();
  await running;
  expect(seen.ended).toEqual(["begun"]);
  expect(inbox.outcomes.size).toBe(1);
});
