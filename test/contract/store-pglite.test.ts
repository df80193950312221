import { spawn } from "node:child_process";
import { randomBytes } from "node:crypto";
import { once } from "node:events";
import { mkdir, mkdtemp, readdir, rename, rm, writeFile } from "node:fs/promises";
import { hostname, tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { afterAll, describe, expect, test } from "vitest";
import type { StoreLocation } from "../../src/adapters/postgres/open-store.ts";
import { openStore } from "../../src/adapters/postgres/open-store.ts";
import { DirectoryLocked } from "../../src/adapters/postgres/data-directory/lock-directory.ts";
import { maintainOnce } from "../../src/adapters/postgres/pglite/maintain-database.ts";
import { startPglite } from "../../src/adapters/postgres/pglite/start-pglite.ts";
import { describeMigrationContract } from "./migration.contract.ts";
import { sampleDelivery } from "./sample-task.ts";
import { testSigkill } from "./sigkill.contract.ts";
import type { StoreUnderTest } from "./store-fixture.ts";
import { describeStoreContract } from "./store.contract.ts";

const COMMIT_UNTIL_KILLED = fileURLToPath(new URL("./commit-until-killed.ts", import.meta.url));
const LOG_SINCE_CHECKPOINT = `
  SELECT pg_wal_lsn_diff(pg_current_wal_insert_lsn(), redo_lsn)::float8 AS bytes FROM pg_control_checkpoint()`;

const folders: string[] = [];
const silent = { info: () => undefined, warn: () => undefined, error: () => undefined };

afterAll(async () => {
  await Promise.all(folders.map((folder) => rm(folder, { recursive: true, force: true })));
});

async function freshFolder(): Promise<string> {
  const folder = await mkdtemp(join(tmpdir(), "baton-store-"));
  folders.push(folder);
  return folder;
}

function folderOf(location: StoreLocation): string {
  if (!("dataDir" in location)) throw new Error("This location is no folder.");
  return location.dataDir;
}

const embedded: StoreUnderTest = {
  freshLocation: async () => ({ dataDir: await freshFolder() }),
  scratchLocation: async () => ({ memory: true }),
  openDatabase: (location) => startPglite("memory" in location ? null : folderOf(location), silent),
};

describeStoreContract("the store in the embedded database", embedded);
describeMigrationContract("migrations of the embedded database", embedded);

testSigkill(async () => ({ dataDir: await freshFolder() }));

describe("the data directory", () => {
  test("a second process is refused, and told who works in it", async () => {
    const folder = await freshFolder();
    const child = spawn(process.execPath, [COMMIT_UNTIL_KILLED, JSON.stringify({ dataDir: folder }), "1"], {
      stdio: ["ignore", "pipe", "inherit"],
    });
    await once(child.stdout, "data");
    const refused = openStore({ dataDir: folder });
    await expect(refused).rejects.toThrow(DirectoryLocked);
    await expect(refused).rejects.toThrow(`is in use by process ${child.pid} on ${hostname()}`);
    child.kill("SIGKILL");
    await once(child, "exit");
    await (await openStore({ dataDir: folder })).close();
  });

  test("a first start that was cut off leaves nothing that the next one could take for a database", async () => {
    const folder = await freshFolder();
    await mkdir(join(folder, "pgdata.new-1", "base"), { recursive: true });
    await writeFile(join(folder, "pgdata.new-1", "PG_VERSION"), "18");
    await (await openStore({ dataDir: folder })).close();
    expect(await readdir(folder)).toEqual(expect.not.arrayContaining(["pgdata.new-1"]));
  });

  test("a database that failed is started again when the disk is right, with all that it had acknowledged", async () => {
    const folder = await freshFolder();
    const log = join(folder, "pgdata", "pg_wal");
    const store = await openStore({ dataDir: folder });
    const acknowledged: string[] = [];
    const storeNext = async () => {
      const id = `delivery-${acknowledged.length}`;
      await store.inbox.store({ ...sampleDelivery(id), body: randomBytes(2_000_000) });
      acknowledged.push(id);
    };
    await storeNext();
    // As with a full disk, the log cannot grow beyond the segment that is open.
    await rename(log, `${log}.away`);
    await expect(repeat(storeNext)).rejects.toThrow("pg_wal");
    await rename(`${log}.away`, log);
    await storeNext();
    const pending = await store.inbox.pending(1_000);
    expect(pending.map(({ id }) => id)).toEqual(acknowledged);
    await store.close();
  });

  test("maintenance writes a checkpoint when the log has grown, and vacuums what changed", async () => {
    const database = await startPglite(await freshFolder(), silent);
    await database.run("CREATE TABLE thing (n integer, filler text)");
    await database.run("INSERT INTO thing SELECT n, repeat('x', 20000) FROM generate_series(1, 5000) AS n");
    await database.run("UPDATE thing SET n = -n");
    await maintainOnce(database);
    const [log] = await database.query<{ bytes: number }>({ name: "", text: LOG_SINCE_CHECKPOINT });
    expect(log?.bytes).toBeLessThan(16 * 1024 * 1024);
    await maintainOnce(database);
    const [table] = await database.query<{ vacuumed: boolean; dead: number }>({
      name: "",
      text: `
        SELECT last_vacuum IS NOT NULL AS vacuumed, n_dead_tup AS dead FROM pg_stat_user_tables
        WHERE relname = 'thing'`,
    });
    expect(table).toEqual({ vacuumed: true, dead: 0 });
    await database.close();
  });
});

describe("bodies, which the embedded database cannot compress", () => {
  const body = JSON.stringify({ text: "the same again and ".repeat(1_000) });

  test("they are packed before they are stored", async () => {
    const folder = await freshFolder();
    const store = await openStore({ dataDir: folder });
    await store.inbox.store(sampleDelivery("packed", body));
    expect(await store.inbox.pending(10)).toEqual([sampleDelivery("packed", body)]);
    await store.close();
    const database = await startPglite(folder, silent);
    const text = "SELECT octet_length(body) AS bytes FROM delivery";
    const [stored] = await database.query<{ bytes: number }>({ name: "", text });
    expect(stored?.bytes).toBeLessThan(body.length / 10);
    await database.close();
  });

  test("what is read at once fits in memory when it has been unpacked", async () => {
    const store = await openStore({ memory: true });
    const large = ["one", "two", "three"].map((id) => ({
      ...sampleDelivery(id),
      body: Buffer.alloc(20_000_000),
    }));
    for (const delivery of large) await store.inbox.store(delivery);
    expect((await store.inbox.pending(10)).map(({ id }) => id)).toEqual(["one", "two"]);
    await store.close();
  });

  test("one that an earlier version stored as it came is compared with one that comes now", async () => {
    const folder = await freshFolder();
    await (await openStore({ dataDir: folder })).close();
    const database = await startPglite(folder, silent);
    await database.run(
      `INSERT INTO delivery (id, event, body, received_at) VALUES ('early', 'issues', '${body}', now())`,
    );
    await database.close();
    const store = await openStore({ dataDir: folder });
    expect(await store.inbox.store(sampleDelivery("early", body))).toBe("duplicate");
    expect(await store.inbox.store(sampleDelivery("early", `${body} `))).toBe("differs");
    await store.close();
  });
});

async function repeat(work: () => Promise<void>): Promise<never> {
  for (;;) await work();
}

describe("the embedded database in memory", () => {
  test("it forgets everything with its store", async () => {
    const first = await openStore({ memory: true });
    await first.inbox.store(sampleDelivery("forgotten"));
    await first.close();
    const second = await openStore({ memory: true });
    expect(await second.inbox.pending(10)).toEqual([]);
    await second.close();
  });
});
