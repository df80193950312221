import { existsSync, readFileSync } from "node:fs";
import { appendFile, mkdtemp, readFile, rm, stat, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { Client } from "pg";
import { afterAll, beforeAll, beforeEach, describe, expect, test } from "vitest";
import { DirectoryLocked } from "../../../src/adapters/postgres/data-directory/lock-directory.ts";
import { startLocalServer } from "../../../src/adapters/postgres/local-server/start-local-server.ts";
import { openStore } from "../../../src/adapters/postgres/open-store.ts";
import type { SqlClient } from "../../../src/adapters/postgres/sql-client.ts";
import { sampleDelivery } from "../../contract/sample-task.ts";
import { waitFor } from "../../support/wait-for.ts";

const warnings: string[] = [];
const log = {
  info: () => undefined,
  warn: (_fields: object, message: string) => void warnings.push(message),
  error: () => undefined,
};

/** One for all tests, for making it takes seconds; each starts it and stops it. */
let folder: string;

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), "baton-local-"));
  await (await startLocalServer(folder, log)).close();
});

beforeEach(() => {
  warnings.length = 0;
});

afterAll(async () => {
  await rm(folder, { recursive: true, force: true });
});

function postmasterPid(): number {
  return Number(readFileSync(join(folder, "postgres", "postmaster.pid"), "utf8").split("\n", 1)[0]);
}

async function setting(database: SqlClient, name: string): Promise<unknown> {
  const text = "SELECT setting FROM pg_settings WHERE name = $1";
  const [row] = await database.query<{ setting: string }>({ name: "", text }, [name]);
  return row?.setting;
}

describe("what protects the data", () => {
  test("commits wait for the disk whatever the database's own files say, and pages have checksums", async () => {
    const file = join(folder, "postgres", "postgresql.auto.conf");
    const before = await readFile(file);
    await appendFile(file, "fsync = off\nsynchronous_commit = off\nfull_page_writes = off\n");
    const database = await startLocalServer(folder, log);
    for (const name of ["fsync", "synchronous_commit", "full_page_writes", "data_checksums"]) {
      expect([name, await setting(database, name)]).toEqual([name, "on"]);
    }
    await database.close();
    await writeFile(file, before);
  });

  test("it is reached through a socket in a closed directory, with a password that only its owner can read", async () => {
    const database = await startLocalServer(folder, log);
    expect(await setting(database, "listen_addresses")).toBe("");
    expect((await stat(folder)).mode & 0o777).toBe(0o700);
    expect((await stat(join(folder, "password"))).mode & 0o777).toBe(0o600);
    const stranger = new Client({ host: folder, user: "baton", database: "postgres", password: "guessed" });
    await expect(stranger.connect()).rejects.toThrow("password authentication failed");
    await database.close();
  });

  test("it stops with its store, and everybody else is kept out until then", async () => {
    const store = await openStore({ serverDir: folder });
    const refused = openStore({ serverDir: folder });
    await expect(refused).rejects.toThrow(DirectoryLocked);
    await expect(refused).rejects.toThrow(`is in use by process ${process.pid}`);
    await store.close();
    expect(existsSync(join(folder, "postgres", "postmaster.pid"))).toBe(false);
  });
});

describe("a PostgreSQL that is killed", () => {
  test("is started again under the living store, with all that it had acknowledged", async () => {
    const store = await openStore({ serverDir: folder }, log);
    const acknowledged: string[] = [];
    const storeNext = async () => {
      const id = `survives-${acknowledged.length}`;
      await store.inbox.store(sampleDelivery(id));
      acknowledged.push(id);
    };
    for (let n = 0; n < 20; n++) await storeNext();
    const killed = postmasterPid();
    process.kill(killed, "SIGKILL");
    await waitFor(() => expect(postmasterPid()).not.toBe(killed));
    // Until it has recovered every call fails, and none hangs.
    await waitFor(storeNext);
    const pending = new Set((await store.inbox.pending(1_000)).map(({ id }) => String(id)));
    expect(acknowledged.filter((id) => !pending.has(id))).toEqual([]);
    await store.close();
  });

  test("a number in postmaster.pid that another program has by now holds nothing up", async () => {
    const database = await startLocalServer(folder, log);
    const file = join(folder, "postgres", "postmaster.pid");
    const written = await readFile(file, "utf8");
    await database.close();
    // This process stands for the other program: it is alive, and PostgreSQL would take it for a server.
    await writeFile(file, written.replace(/^\d+/, String(process.pid)));
    await (await startLocalServer(folder, log)).close();
  });
});

describe("a directory that cannot be used", () => {
  test("files of another version of PostgreSQL are left as they are", async () => {
    const file = join(folder, "postgres", "PG_VERSION");
    const version = await readFile(file);
    await writeFile(file, "14\n");
    await expect(startLocalServer(folder, log)).rejects.toThrow(
      /was made by PostgreSQL 14, and this version of Baton brings \d+: start the version of Baton that made it/,
    );
    await writeFile(file, version);
    await (await startLocalServer(folder, log)).close();
  });

  test("a path that is too long for a socket is refused with what is too much of it", async () => {
    const long = join(folder, "x".repeat(100));
    await expect(startLocalServer(long, log)).rejects.toThrow(/bytes too long for PostgreSQL's socket/);
    await rm(long, { recursive: true });
  });
});
