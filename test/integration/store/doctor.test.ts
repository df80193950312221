import { existsSync } from "node:fs";
import { mkdtemp, rm } from "node:fs/promises";
import { hostname, tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, expect, test } from "vitest";
import { startLocalServer } from "../../../src/adapters/postgres/local-server/start-local-server.ts";
import { openStore } from "../../../src/adapters/postgres/open-store.ts";
import { examine } from "../../../src/main/examine.ts";
import { runCli } from "../../../src/surfaces/cli/run-cli.ts";
import { nextCommit, openingCommit, sampleDelivery, sampleTask } from "../../contract/sample-task.ts";

const silent = { info: () => undefined, warn: () => undefined, error: () => undefined };

let folder: string;

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), "baton-doctor-"));
});

afterAll(async () => {
  await rm(folder, { recursive: true, force: true });
});

async function doctor(env: Readonly<Record<string, string>>) {
  const printed: string[] = [];
  const code = await runCli(["doctor"], {
    cwd: folder,
    env,
    batonRoot: folder,
    version: "1",
    examine: () => examine(env),
    print: (text) => printed.push(text),
    complain: (text) => printed.push(text),
  });
  return { code, text: printed.join("\n") };
}

test("the embedded database is looked at when it is free, and its holder named when it is not", async () => {
  const dataDir = join(folder, "embedded");
  const env = { BATON_DATA_DIR: dataDir };
  expect((await doctor(env)).text).toMatch(/• store .*Nothing is stored there yet/);
  expect(existsSync(dataDir)).toBe(false);

  const store = await openStore({ dataDir });
  await store.tasks.commit(openingCommit(sampleTask(1)), { kind: "none" });
  await store.inbox.store(sampleDelivery("waits"));
  const beside = await doctor(env);
  expect(beside.text).toContain(`In use by process ${process.pid} on ${hostname()}`);
  expect(beside.code).toBe(0);
  await store.close();

  const alone = await doctor(env);
  expect(alone.text).toMatch(/✔ commits .*, with [1-9]\d* syncs? of its log/);
  expect(alone.text).toMatch(/✔ record .*1 task with 1 entry: every hash chain is whole/);
  expect(alone.text).toMatch(/• inbox .*1 webhook waits/);
  expect(alone.code).toBe(0);
});

test("a PostgreSQL of our own is looked at beside the server, and what is wrong in it is found", async () => {
  const serverDir = await mkdtemp(join(tmpdir(), "baton-doctor-"));
  const env = { BATON_STORE: "postgres", BATON_DATA_DIR: serverDir };
  const task = sampleTask(1);
  const store = await openStore({ serverDir });
  await store.tasks.commit(openingCommit(task), { kind: "none" });
  await store.tasks.commit(nextCommit(task, 1), { kind: "none" });
  const beside = await doctor(env);
  expect(beside.text).toContain(`In use by process ${process.pid} on ${hostname()}`);
  expect(beside.text).toMatch(/✔ record .*1 task with 2 entries: every hash chain is whole/);
  expect(beside.code).toBe(0);
  await store.close();

  const database = await startLocalServer(serverDir, silent);
  await database.run(`
    ALTER TABLE entry DISABLE TRIGGER entry_append_only;
    UPDATE entry SET canonical = replace(canonical, 'person 1', 'person 2') WHERE sequence = 2;
    ALTER ROLE baton SET synchronous_commit = off`);
  await database.close();
  const tampered = await doctor(env);
  expect(tampered.text).toMatch(/✘ record .*at entry 2, the text is not the one that was hashed/);
  expect(tampered.text).toMatch(/✘ commits .*synchronous_commit is off/);
  expect(tampered.text).toContain("2 findings endanger the data.");
  expect(tampered.code).toBe(1);
  await rm(serverDir, { recursive: true });
});
