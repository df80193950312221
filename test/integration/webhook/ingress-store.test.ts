import { createHmac, randomUUID } from "node:crypto";
import { Client } from "pg";
import { afterAll, beforeAll, describe, expect, onTestFinished, test } from "vitest";
import { openStore } from "../../../src/adapters/postgres/open-store.ts";
import type { Delivery, Store } from "../../../src/ports/task-store.ts";
import { sampleDelivery } from "../../contract/sample-task.ts";
import {
  findPostgresPrograms,
  startPostgres,
  type TestPostgres,
} from "../../support/postgres/start-postgres.ts";
import { sendWebhooks } from "../../support/scenario/webhook-load.ts";
import { waitFor } from "../../support/wait-for.ts";
import { openIngress, SECRET } from "./ingress-server.ts";

/** A tenth of what GitHub waits for, so that a stall of a second is to the test what one of ten is to the server. */
const STALL_TIMEOUT_MS = 800;
/** More than send at once: what is held longer than its sender waits keeps its place. */
const MAX_IN_FLIGHT = 20;
const MANY = 40;

const BODY = JSON.stringify({ action: "labeled" });

describe.skipIf((await findPostgresPrograms()) === null)("the ingress before PostgreSQL", () => {
  let postgres: TestPostgres;

  beforeAll(async () => {
    postgres = await startPostgres();
  });

  afterAll(async () => {
    await postgres.stop();
  });

  async function openAll(timeoutMs = 8_000) {
    const url = await postgres.createDatabase();
    const store = await openStore({ url });
    const database = new Client({ connectionString: url });
    await database.connect();
    const told: Delivery[] = [];
    let unsure = 0;
    const { port } = await openIngress({
      inbox: store.inbox,
      timeoutMs,
      onStored: (delivery) => told.push(delivery),
      onUnsure: () => (unsure += 1),
    });
    onTestFinished(async () => {
      await database.end();
      await store.close();
    });
    return {
      store,
      database,
      told,
      unsure: () => unsure,
      post: (delivery: Partial<Sent> = {}) => post(port, delivery),
    };
  }

  test("what is accepted is stored, told once, and known when it comes again; what is refused touches nothing", async () => {
    const { store, told, unsure, post } = await openAll();
    const id = randomUUID();
    expect(await post({ id })).toMatchObject({ status: 202 });
    expect(unsure()).toBe(0);
    expect(await post({ id })).toMatchObject({ status: 200 });
    expect(unsure()).toBe(1);
    expect(await post({ id, body: '{"other":true}' })).toMatchObject({ status: 409 });
    expect(await post({ secret: "another" })).toMatchObject({ status: 401 });
    expect(await post({ type: "text/plain" })).toMatchObject({ status: 415 });
    expect(await post({ body: JSON.stringify("x".repeat(26_214_400)) })).toMatchObject({ status: 413 });
    expect(await bodiesIn(store)).toEqual([BODY]);
    expect(told.map((delivery) => delivery.id)).toEqual([id]);
  });

  test("a store that stalls is answered 503 in time, and what it stores later is known and told", async () => {
    const { store, database, told, post } = await openAll(300);
    const id = randomUUID();
    await database.query("BEGIN; LOCK TABLE delivery IN ACCESS EXCLUSIVE MODE");
    expect(await post({ id })).toEqual({ status: 503, retryAfter: "30" });
    expect(told).toEqual([]);
    await database.query("COMMIT");
    await waitFor(() => expect(told).toHaveLength(1));
    await waitFor(async () => expect((await post({ id })).status).toBe(200));
    expect(await bodiesIn(store)).toEqual([BODY]);
  });

  test("a server that stands still under load is answered 503, held by a bound, and has lost nothing", async () => {
    const store = await openStore({ url: await postgres.createDatabase() });
    let held = 0;
    let mostHeld = 0;
    const { port } = await openIngress({
      inbox: {
        async store(delivery) {
          mostHeld = Math.max(mostHeld, ++held);
          return store.inbox.store(delivery).finally(() => (held -= 1));
        },
      },
      timeoutMs: STALL_TIMEOUT_MS,
      maxInFlight: MAX_IN_FLIGHT,
    });
    const load = sendWebhooks({
      url: () => `http://127.0.0.1:${port}`,
      secret: SECRET,
      samples: [{ event: "issues", body: BODY }],
    });
    let goOn: () => void = () => undefined;
    onTestFinished(async () => {
      goOn();
      load.abandon();
      await store.close();
    });
    const refused = () => load.statuses.get(503) ?? 0;
    await load.untilAcknowledged(MANY);

    const before = refused();
    goOn = await postgres.stall();
    // By then no answer is on its way any more that was given before.
    await waitFor(() => expect(refused()).toBeGreaterThan(before + MAX_IN_FLIGHT));
    const acknowledged = load.acknowledged.length;
    await waitFor(() => expect(refused()).toBeGreaterThan(before + 10 * MAX_IN_FLIGHT));
    expect(load.acknowledged.length).toBe(acknowledged);
    expect(mostHeld).toBe(MAX_IN_FLIGHT);

    goOn();
    await load.untilAcknowledged(acknowledged + MANY);
    await load.stop();
    expect([...load.statuses.keys()].filter((status) => ![200, 202, 503].includes(status))).toEqual([]);
    expect(load.unhelpful()).toBe(0);
    const again = await Promise.all(load.acknowledged.map((id) => store.inbox.store(sampleDelivery(id))));
    expect(again.filter((outcome) => outcome === "stored")).toEqual([]);
  });

  test("a full disk is answered 503, and nothing is lost of what comes again when there is room", async () => {
    const { store, database, unsure, post } = await openAll();
    await database.query(`
      CREATE FUNCTION fill_disk() RETURNS trigger LANGUAGE plpgsql AS
        $$ BEGIN RAISE EXCEPTION 'no space left on device' USING ERRCODE = 'disk_full'; END $$;
      CREATE TRIGGER full_disk BEFORE INSERT ON delivery EXECUTE FUNCTION fill_disk()`);
    const sent = Array.from({ length: 5 }, () => randomUUID());
    const refused = await Promise.all(sent.map((id) => post({ id })));
    expect(refused).toEqual(sent.map(() => ({ status: 503, retryAfter: "30" })));
    expect(unsure()).toBe(5);
    await database.query("DROP TRIGGER full_disk ON delivery");
    const again = await Promise.all(sent.map((id) => post({ id })));
    expect(again.map(({ status }) => status)).toEqual(sent.map(() => 202));
    expect(await bodiesIn(store)).toHaveLength(5);
  });
});

type Sent = { readonly id: string; readonly body: string; readonly secret: string; readonly type: string };

async function post(
  port: number,
  { id = randomUUID(), body = BODY, secret = SECRET, type = "application/json" }: Partial<Sent>,
) {
  const { status, headers } = await fetch(`http://127.0.0.1:${port}/api/github/webhooks`, {
    method: "POST",
    headers: {
      "content-type": type,
      "x-github-event": "issues",
      "x-github-delivery": id,
      "x-hub-signature-256": `sha256=${createHmac("sha256", secret).update(body).digest("hex")}`,
    },
    body,
  });
  return { status, retryAfter: headers.get("retry-after") };
}

async function bodiesIn({ inbox }: Store): Promise<readonly string[]> {
  return (await inbox.pending(1_000)).map(({ body }) => Buffer.from(body).toString());
}
