import { existsSync } from "node:fs";
import { createServer, type AddressInfo } from "node:net";

import { expect, onTestFinished, test } from "vitest";

import { startForge } from "../../../src/forge/start-forge.ts";
import { openForge, temporaryDirectory } from "./forge-fixture.ts";

test("a forge takes a free port, and knows its own address", async () => {
  const { forge, clientOf, ada, place } = await openForge();
  expect(forge.url).toMatch(/^http:\/\/127\.0\.0\.1:\d+$/);
  expect((await clientOf(ada).repos.get(place)).data.clone_url).toBe(`${forge.url}/ada/engine.git`);
});

test("a forge that cannot listen says so and lets go of its directory", async () => {
  const other = createServer();
  await new Promise<void>((resolve) => other.listen(0, "127.0.0.1", resolve));
  onTestFinished(() => void other.close());
  const dir = await temporaryDirectory();
  const { port } = other.address() as AddressInfo;
  await expect(startForge({ dir, port })).rejects.toThrow("EADDRINUSE");
  const forge = await startForge({ dir });
  await forge.close();
});

test("addresses follow the forge when it comes back on another port, and tokens go on working", async () => {
  const dir = await temporaryDirectory();
  const first = await startForge({ dir });
  const ada = first.hub.createUser({ login: "ada" });
  const { token } = first.hub.createToken({ user: ada });
  await first.hub.createRepository({ owner: ada, name: "engine", private: true });
  await first.close();
  const { forge, clientWith, place } = await openForge({ dir });
  const { data } = await clientWith(token).repos.get(place);
  expect(data.url).toBe(`${forge.url}/api/v3/repos/ada/engine`);
  expect(existsSync(forge.hub.gitDirectory(data.id))).toBe(true);
});
