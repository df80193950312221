import { Client } from "pg";
import { afterAll, beforeAll, describe, expect, onTestFinished, test } from "vitest";
import { connectPostgres } from "../../../src/adapters/postgres/connect-postgres.ts";
import { openStore } from "../../../src/adapters/postgres/open-store.ts";
import { PgSession } from "../../../src/adapters/postgres/pg-session.ts";
import { writeBodiesGivenUp } from "../../../src/adapters/postgres/sql/give-up-bodies.ts";
import { sampleDelivery } from "../../contract/sample-task.ts";
import {
  findPostgresPrograms,
  startPostgres,
  type TestPostgres,
} from "../../support/postgres/start-postgres.ts";
import { waitFor } from "../../support/wait-for.ts";

const silent = { info: () => undefined, warn: () => undefined, error: () => undefined };

describe.skipIf((await findPostgresPrograms()) === null)("old bodies on PostgreSQL", () => {
  let postgres: TestPostgres;

  beforeAll(async () => {
    postgres = await startPostgres();
  });

  afterAll(async () => {
    await postgres.stop();
  });

  test("two processes that give up the same body at once keep its digest", async () => {
    const url = await postgres.createDatabase();
    const store = await openStore({ url });
    const first = new Client({ connectionString: url });
    const observer = new Client({ connectionString: url });
    const second = connectPostgres(url, silent);
    await Promise.all([first.connect(), observer.connect()]);
    onTestFinished(async () => {
      await Promise.all([first.end(), observer.end(), second.close(), store.close()]);
    });
    const delivery = sampleDelivery("old");
    await store.inbox.store(delivery);
    await store.inbox.settle(delivery.id, "Done.");
    const before = new Date("2100-01-01T00:00:00.000Z");
    await first.query("BEGIN");
    expect(await writeBodiesGivenUp(new PgSession(first), before, 10)).toBe(1);
    const blocked = writeBodiesGivenUp(second, before, 10);
    await waitFor(async () => {
      const { rows } = await observer.query("SELECT 1 FROM pg_locks WHERE NOT granted");
      expect(rows).toHaveLength(1);
    });
    await first.query("COMMIT");
    expect(await blocked).toBe(0);
    expect(await store.inbox.store(delivery)).toBe("duplicate");
  });
});
