import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, describe } from "vitest";
import type { StoreLocation } from "../../src/adapters/postgres/open-store.ts";
import { startLocalServer } from "../../src/adapters/postgres/local-server/start-local-server.ts";
import { testSigkill } from "./sigkill.contract.ts";
import { describeStoreContract } from "./store.contract.ts";

const silent = { info: () => undefined, warn: () => undefined, error: () => undefined };
const folders: string[] = [];

afterAll(async () => {
  await Promise.all(folders.map((folder) => rm(folder, { recursive: true, force: true })));
});

async function freshLocation(): Promise<{ readonly serverDir: string }> {
  const folder = await mkdtemp(join(tmpdir(), "baton-local-"));
  folders.push(folder);
  return { serverDir: folder };
}

function folderOf(location: StoreLocation): string {
  if (!("serverDir" in location)) throw new Error("This location is no PostgreSQL of our own.");
  return location.serverDir;
}

describeStoreContract("the store in a PostgreSQL of its own", {
  freshLocation,
  scratchLocation: freshLocation,
  openDatabase: (location) => startLocalServer(folderOf(location), silent),
});

// PostgreSQL outlives the process that is killed, so that the next one has to end it first.
describe("a PostgreSQL of its own", () => {
  testSigkill(freshLocation);
});
