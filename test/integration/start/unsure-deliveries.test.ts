import { createHmac, generateKeyPairSync, randomUUID } from "node:crypto";
import { once } from "node:events";
import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import { expect, onTestFinished, test } from "vitest";
import type { DeliveryId } from "../../../src/base/ids.ts";
import { startBaton } from "../../../src/main/start-baton.ts";
import { waitFor } from "../../support/wait-for.ts";

const SECRET = "secret";

/** A server whose GitHub knows the App, and has nothing to tell. */
async function openBaton() {
  const github = createServer((request, response) => {
    response.setHeader("content-type", "application/json");
    response.end(request.url === "/app" ? '{"id":1,"slug":"baton"}' : "[]");
  }).listen(0, "127.0.0.1");
  await once(github, "listening");
  const { privateKey } = generateKeyPairSync("rsa", { modulusLength: 2_048 });
  const url = `http://127.0.0.1:${(github.address() as AddressInfo).port}`;
  const baton = await startBaton({
    appId: 1,
    privateKey: privateKey.export({ type: "pkcs8", format: "pem" }).toString(),
    webhookSecret: SECRET,
    webhookSecrets: [SECRET],
    githubApiUrl: url,
    oidcIssuer: `${url}/_oidc`,
    publicUrl: "http://127.0.0.1:9",
    store: { memory: true },
    host: "127.0.0.1",
    port: 0,
    logLevel: "fatal",
    writeIntervalMs: 0,
    redisUrl: null,
    workers: 1,
  });
  onTestFinished(async () => {
    await baton.stop();
    github.close();
  });
  return baton;
}

async function send(url: string, id: string, body: string): Promise<number> {
  const { status } = await fetch(`${url}/api/github/webhooks`, {
    method: "POST",
    headers: {
      "content-type": "application/json",
      "x-github-event": "star",
      "x-github-delivery": id,
      "x-hub-signature-256": `sha256=${createHmac("sha256", SECRET).update(body).digest("hex")}`,
    },
    body,
  });
  return status;
}

/** Without a word, the server looks for what others have stored only every five minutes. */
test("a delivery whose first answer was lost is worked on when it comes again", async () => {
  const { store, url } = await openBaton();
  const body = '{"action":"created"}';
  expect(await send(url, randomUUID(), body)).toBe(202);
  await waitFor(async () => expect(await store.inbox.pending(1)).toEqual([]));
  const id = randomUUID() as DeliveryId;
  const delivery = { id, event: "star", body: Buffer.from(body), receivedAt: new Date().toISOString() };
  expect(await store.inbox.store(delivery)).toBe("stored");
  expect(await send(url, id, body)).toBe(200);
  await waitFor(async () => expect(await store.inbox.pending(1)).toEqual([]));
});
