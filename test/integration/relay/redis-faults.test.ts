import { Redis } from "ioredis";
import { afterEach, describe, expect, test } from "vitest";
import { createBullmqTransport } from "../../../src/adapters/bullmq/bullmq-transport.ts";
import { startBullmqWorkers } from "../../../src/adapters/bullmq/bullmq-workers.ts";
import type { EffectId } from "../../../src/base/ids.ts";
import type { Effect } from "../../../src/core/task/effect.ts";
import type { TestRedis } from "../../support/redis/start-redis.ts";
import { findRedisServer, startRedis } from "../../support/redis/start-redis.ts";
import { waitFor } from "../../support/wait-for.ts";
import { DONE, TurnsFixture } from "./turns-fixture.ts";

const LABEL: Effect = { kind: "remove-trigger-label" };

describe.skipIf(findRedisServer() === null)("a Redis that fails", () => {
  const said: string[] = [];
  const log = {
    info: (_fields: object, message: string) => void said.push(message),
    warn: (_fields: object, message: string) => void said.push(message),
    error: (_fields: object, message: string) => void said.push(message),
  };
  let redis: TestRedis;

  // Before those of the fixture, since hooks end in the reverse order.
  afterEach(async () => {
    await redis.stop();
    said.length = 0;
  });

  const fixture = new TurnsFixture({
    start(take, atOnce) {
      const transport = createBullmqTransport(redis.url, log);
      const workers = startBullmqWorkers({ url: redis.url, take, atOnce, log });
      return { transport, stop: () => Promise.all([workers.stop(), transport.stop()]).then(() => undefined) };
    },
  });

  function collect() {
    const ran: EffectId[] = [];
    const run = async ({ id }: { readonly id: EffectId }) => {
      ran.push(id);
      return DONE;
    };
    return { ran, run };
  }

  test("away at the start: effects wait, run when it is there, and it is said once by each connection", async () => {
    redis = await startRedis();
    await redis.kill();
    const store = await fixture.openStore();
    const { ran, run } = collect();
    await fixture.addTask(store, [LABEL]);
    fixture.play(store, { run });
    await waitFor(() => expect(said).toHaveLength(2));
    await redis.start();
    await waitFor(() => expect(ran).toHaveLength(1));
    expect(said.filter((message) => message.startsWith("Redis is away"))).toHaveLength(2);
    await waitFor(() => expect(said.filter((message) => message === "Redis is back")).toHaveLength(2));
  });

  test("away at the end: stopping does not wait for it", async () => {
    redis = await startRedis();
    const store = await fixture.openStore();
    const { ran, run } = collect();
    await fixture.addTask(store, [LABEL]);
    const stop = fixture.play(store, { run });
    await waitFor(() => expect(ran).toHaveLength(1));
    await redis.kill();
    await stop();
  });

  test("emptied under way, it gets again what it has lost", async () => {
    redis = await startRedis();
    const store = await fixture.openStore();
    const client = new Redis(redis.url);
    const first = await fixture.addTask(store, [LABEL]);
    const others = await Promise.all(Array.from({ length: 5 }, () => fixture.addTask(store, [LABEL])));
    const ran: EffectId[] = [];
    fixture.play(store, {
      atOnce: 1,
      async run({ id, task }) {
        // The others are waiting in it by now.
        if (task === first.id) await client.flushall();
        ran.push(id);
        return DONE;
      },
    });
    await waitFor(() => expect(ran).toHaveLength(6));
    expect(new Set(ran)).toEqual(new Set([first, ...others].map(({ id }) => `${id}/1/0`)));
    client.disconnect();
  });

  test("one that may throw away what waits in it is warned of", async () => {
    redis = await startRedis(["--maxmemory-policy", "allkeys-lru"]);
    const store = await fixture.openStore();
    fixture.play(store, { run: collect().run });
    await waitFor(() =>
      expect(said).toEqual(["Redis may throw away what waits in it: set its maxmemory-policy to noeviction"]),
    );
  });
});
