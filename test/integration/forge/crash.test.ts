import { spawn } from "node:child_process";
import { once } from "node:events";
import { createInterface } from "node:readline";

import { expect, onTestFinished, test } from "vitest";

import { startForge } from "../../../src/forge/start-forge.ts";
import { openForge, temporaryDirectory } from "./forge-fixture.ts";
import { openReceiver } from "./webhooks/webhook-receiver.ts";

const program = `
  import { startForge } from ${JSON.stringify(new URL("../../../src/forge/start-forge.ts", import.meta.url).href)};
  const forge = await startForge({ dir: process.argv[1] });
  console.log(forge.url);
`;

/** A forge in a process of its own, which can be killed. */
async function spawnForge(dir: string): Promise<{ url: string; kill: () => Promise<void> }> {
  const child = spawn(process.execPath, ["--input-type=module", "-e", program, dir], {
    stdio: ["ignore", "pipe", "inherit"],
  });
  onTestFinished(() => void child.kill("SIGKILL"));
  const [url] = (await once(createInterface(child.stdout), "line")) as [string];
  const kill = async (): Promise<void> => {
    child.kill("SIGKILL");
    await once(child, "exit");
  };
  return { url, kill };
}

test("a forge that is killed loses nothing that it answered for, and sends the webhooks it owes", async () => {
  const receiver = await openReceiver();
  const dir = await temporaryDirectory();
  const setup = await startForge({ dir });
  const ada = setup.hub.createUser({ login: "ada" });
  await setup.hub.createRepository({ owner: ada, name: "engine" });
  const { token } = setup.hub.createToken({ user: ada });
  const { app } = setup.hub.createApp({
    name: "Listener",
    owner: ada,
    permissions: { issues: "read", contents: "read" },
    events: ["issues", "push"],
    webhookUrl: receiver.url,
  });
  setup.hub.installApp({ app, account: ada });
  await receiver.arrival("installation.created");
  await setup.close();

  const spawned = await spawnForge(dir);
  receiver.hold();
  const write = (method: string, path: string, body: object): Promise<Response> =>
    fetch(`${spawned.url}/api/v3/repos/ada/engine${path}`, {
      method,
      headers: { authorization: `token ${token}` },
      body: JSON.stringify(body),
    });
  expect((await write("POST", "/issues", { title: "Survives" })).status).toBe(201);
  const interrupted = await receiver.arrival("issues.opened");
  expect((await write("PUT", "/contents/a.txt", { message: "Survives too", content: "eA==" })).status).toBe(
    201,
  );
  await spawned.kill();

  receiver.hold()();
  receiver.received.length = 0;
  const { clientWith, place } = await openForge({ dir });
  await receiver.arrival("push");
  expect(receiver.names()).toEqual(["issues.opened", "push"]);
  expect(receiver.received[0]?.id).toBe(interrupted.id);
  const octokit = clientWith(token);
  expect((await octokit.issues.get({ ...place, issue_number: 1 })).data.title).toBe("Survives");
  expect((await octokit.repos.getContent({ ...place, path: "a.txt" })).data).toMatchObject({ size: 1 });
});
