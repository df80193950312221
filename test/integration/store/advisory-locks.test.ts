import { once } from "node:events";
import { connect, createServer, type AddressInfo, type Socket } from "node:net";
import { Client } from "pg";
import { afterAll, beforeAll, describe, expect, onTestFinished, test } from "vitest";
import { AdvisoryLocks } from "../../../src/adapters/postgres/advisory-locks.ts";
import { StoreUnavailable } from "../../../src/ports/store-unavailable.ts";
import {
  findPostgresPrograms,
  startPostgres,
  type TestPostgres,
} from "../../support/postgres/start-postgres.ts";
import { waitFor } from "../../support/wait-for.ts";

const silent = { info: () => undefined, warn: () => undefined, error: () => undefined };

describe.skipIf((await findPostgresPrograms()) === null)("locks on PostgreSQL", () => {
  let postgres: TestPostgres;

  beforeAll(async () => {
    postgres = await startPostgres();
  });

  afterAll(async () => {
    await postgres.stop();
  });

  test("a connection that cannot take again what was held is ended, and keeps nothing from others", async () => {
    const url = await postgres.createDatabase();
    const database = new Client({ connectionString: url });
    await database.connect();
    const locks = new AdvisoryLocks(url, silent);
    onTestFinished(async () => {
      await locks.close();
      await database.end();
    });
    const connections = `FROM pg_stat_activity WHERE application_name = 'baton-locks'`;
    const expectNone = () =>
      waitFor(async () => expect((await database.query(`SELECT pid ${connections}`)).rows).toEqual([]));
    await locks.take(["leader"]);
    await database.query(`
      CREATE SCHEMA broken;
      CREATE FUNCTION broken.pg_try_advisory_lock(key bigint) RETURNS boolean LANGUAGE plpgsql AS
        $$ BEGIN PERFORM pg_catalog.pg_advisory_lock(key); RAISE EXCEPTION 'no'; END $$;
      DO $$ BEGIN
        EXECUTE format('ALTER DATABASE %I SET search_path = broken, pg_catalog', current_database());
      END $$`);
    await database.query(`SELECT pg_terminate_backend(pid) ${connections}`);
    await expectNone();
    await waitFor(() => expect(locks.take(["leader"])).rejects.toThrow("no"));
    await expectNone();
    await database.query("DROP SCHEMA broken CASCADE");
    expect(await locks.take(["leader"])).toEqual(new Set(["leader"]));
  });

  test("what was held on a connection that is lost is told, and taken again without being asked for", async () => {
    const url = await postgres.createDatabase();
    const database = new Client({ connectionString: url });
    await database.connect();
    const locks = new AdvisoryLocks(url, silent);
    onTestFinished(async () => {
      await locks.close();
      await database.end();
    });
    const told: ReadonlySet<string>[] = [];
    locks.onLost((names) => told.push(names));
    await locks.take(["a", "b"]);
    const holders = async () => {
      const { rows } = await database.query<{ pid: number }>(
        `SELECT DISTINCT pid FROM pg_locks WHERE locktype = 'advisory'
        AND database = (SELECT oid FROM pg_database WHERE datname = current_database())`,
      );
      return rows.map(({ pid }) => pid);
    };
    const [lost] = await holders();
    await database.query("SELECT pg_terminate_backend($1)", [lost]);
    await waitFor(async () => {
      const [holder, ...others] = await holders();
      expect(others).toEqual([]);
      expect(holder).toEqual(expect.any(Number));
      expect(holder).not.toBe(lost);
    });
    expect(told).toEqual([new Set(["a", "b"])]);
  });

  test("a connection that has gone silent is given up, and so is one that is never made", async () => {
    const url = await postgres.createDatabase();
    const line = await openLine(url);
    const locks = new AdvisoryLocks(line.url, silent, 500);
    onTestFinished(() => locks.close());
    const told: ReadonlySet<string>[] = [];
    locks.onLost((names) => told.push(names));
    // Under load, even a line that is whole may be too slow for so little patience.
    await waitFor(async () => expect(await locks.take(["leader"])).toEqual(new Set(["leader"])));
    told.length = 0;
    line.silence();
    await expect(locks.take(["another"])).rejects.toThrow(StoreUnavailable);
    expect(told).toEqual([new Set(["leader"])]);
    await expect(locks.take(["another"])).rejects.toThrow(StoreUnavailable);
  });
});

/** A line to the database over TCP, which can go silent like one whose other end has vanished. */
async function openLine(url: string): Promise<{ readonly url: string; readonly silence: () => void }> {
  const { pathname, searchParams, username } = new URL(url.replace("@/", "@socket/"));
  const path = `${searchParams.get("host") ?? ""}/.s.PGSQL.5432`;
  const sockets: Socket[] = [];
  let isSilent = false;
  const server = createServer((near) => {
    sockets.push(near);
    if (isSilent) return;
    const far = connect(path);
    sockets.push(far);
    near.on("error", () => far.destroy()).pipe(far);
    far.on("error", () => near.destroy()).pipe(near);
  }).listen(0, "127.0.0.1");
  await once(server, "listening");
  onTestFinished(() => {
    for (const socket of sockets) socket.destroy();
    server.close();
  });
  return {
    url: `postgres://${username}@127.0.0.1:${(server.address() as AddressInfo).port}${pathname}`,
    silence() {
      isSilent = true;
      for (const socket of sockets) socket.unpipe().pause();
    },
  };
}
