import { spawn, type ChildProcess } from "node:child_process";
import { once } from "node:events";
import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";

import { afterEach, beforeEach, expect, it } from "vitest";

import { startForge } from "../../../../src/forge/start-forge.ts";
import { createGitClient, type GitClient } from "./git-client.ts";

let dir: string;
let token: string;
let client: GitClient;
const children: ChildProcess[] = [];

beforeEach(async () => {
  dir = await mkdtemp(join(tmpdir(), "forge-crash-"));
  const forge = await startForge({ dir });
  const owner = forge.hub.createUser({ login: "octo" });
  await forge.hub.createRepository({ owner, name: "app" });
  const permissions = { contents: "write", checks: "write", pull_requests: "write" } as const;
  const { app } = forge.hub.createApp({
    name: "listener",
    owner,
    permissions,
    events: ["push", "create", "pull_request"],
    webhookUrl: "http://127.0.0.1:9/",
  });
  forge.hub.installApp({ app, account: owner });
  ({ token } = forge.hub.createToken({ user: owner }));
  await forge.close();
  client = await createGitClient();
  await client.git("init", "-q", "-b", "main");
});

afterEach(async () => {
  for (const child of children.splice(0)) child.kill("SIGKILL");
  await client.remove();
  await rm(dir, { recursive: true, force: true });
});

/** Starts the forge that is to die. @returns its address and a promise of its end */
async function startDoomed(
  moment: string,
  ordinal: number,
): Promise<{ url: string; died: Promise<unknown> }> {
  const script = join(import.meta.dirname, "crashing-forge.ts");
  const child = spawn(process.execPath, [script, dir, moment, String(ordinal)], {
    stdio: ["ignore", "pipe", "inherit"],
  });
  children.push(child);
  const died = once(child, "exit");
  const [line] = (await once(child.stdout, "data")) as [Buffer];
  return { url: line.toString("utf8").trim(), died };
}

function remote(url: string): string {
  return `${url.replace("://", `://x-access-token:${token}@`)}/octo/app.git`;
}

it(
  "tells of each push exactly once and in order, wherever the forge was killed",
  { timeout: 180_000 },
  async () => {
    // A push writes its intent (first transaction), moves the reference, and records what follows (second transaction).
    const moments: [string, number][] = [
      ["before transaction", 1],
      ["after transaction", 1],
      ["before transaction", 2],
      ["inside transaction, at event", 1],
      ["inside transaction, at event", 2],
      ["after transaction", 2],
    ];
    const pushed: string[] = [];
    for (const [moment, ordinal] of moments) {
      const doomed = await startDoomed(moment, ordinal);
      pushed.push(await client.commit(`${moment} ${ordinal}`, {}));
      const cut = await client.run("push", "-q", remote(doomed.url), "main");
      expect(cut.code).not.toBe(0);
      await doomed.died;
      // The user tries again, as anyone would.
      const forge = await startForge({ dir });
      await client.git("push", "-q", remote(forge.url), "main");
      await forge.close();
    }

    const forge = await startForge({ dir });
    const deliveries = forge.hub.store.deliveries.find({ event: "push" });
    const told = deliveries.map(({ body }) => JSON.parse(body) as { before: string; after: string });
    await forge.close();
    expect(told.map(({ after }) => after)).toEqual(pushed);
    expect(told.map(({ before }) => before)).toEqual(["0".repeat(40), ...pushed.slice(0, -1)]);
  },
);
