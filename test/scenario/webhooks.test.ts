import { createHmac, randomUUID } from "node:crypto";
import { expect, test } from "vitest";
import { signAppToken } from "../integration/forge/sign-app-token.ts";
import { useWorld } from "../support/scenario/open-world.ts";
import { clientWith } from "../support/scenario/scenario-forge.ts";

const world = useWorld();

test("a webhook that is not GitHub's own starts nothing, and says why", async () => {
  const scene = await world.scene({ policy: { tiers: { default: "high" } } });
  const payload = labelledPayload(scene.repository.id);
  const unsigned = { signature: null };
  const forged = { signature: sign("not the secret", payload) };
  expect(await post(payload, unsigned)).toEqual([
    401,
    expect.stringContaining("x-hub-signature-256 is missing"),
  ]);
  expect(await post(payload, forged)).toEqual([401, expect.stringContaining("not one of the secret set")]);
  const large = "x".repeat(26 * 1024 * 1024);
  expect(await post(large, forged)).toEqual([413, expect.stringContaining("larger than")]);
  const { webhookSecret } = world.site();
  expect(await post("[1]", { signature: sign(webhookSecret, "[1]") })).toEqual([
    400,
    expect.stringContaining("no JSON object"),
  ]);
  // What was signed is stored, be it broken in the middle or without meaning; it changes nothing.
  const broken = '{"action": }';
  expect(await post(broken, { signature: sign(webhookSecret, broken) })).toEqual([202, expect.anything()]);
  const hollow = '{"action":"labeled"}';
  expect(await post(hollow, { signature: sign(webhookSecret, hollow) })).toEqual([202, expect.anything()]);
  await scene.untilQuiet();
  expect(await scene.history()).toEqual([]);
  expect(scene.comments()).toEqual([]);
}, 200_000);

test("a webhook that comes again is answered as a duplicate and does nothing twice", async () => {
  const scene = await world.scene({ policy: { tiers: { default: "high" } } });
  await scene.label("maya");
  await scene.until("blocked: approval");
  await scene.untilQuiet();
  const before = await scene.history();

  const { app, privateKey, forge } = world.site();
  const asApp = clientWith(forge, signAppToken({ app, privateKey }, new Date()));
  const { data: deliveries } = await asApp.rest.apps.listWebhookDeliveries({ per_page: 100 });
  const ours = deliveries.filter(({ repository_id }) => repository_id === scene.repository.id);
  expect(ours.length).toBeGreaterThan(1);
  for (const { id } of ours) await asApp.rest.apps.redeliverWebhookDelivery({ delivery_id: id });
  await scene.untilQuiet();

  const { data: again } = await asApp.rest.apps.listWebhookDeliveries({ per_page: 100 });
  const redelivered = again.filter(
    ({ redelivery, repository_id }) => redelivery && repository_id === scene.repository.id,
  );
  expect(redelivered.map(({ status_code }) => status_code)).toEqual(ours.map(() => 200));
  expect(await scene.history()).toEqual(before);
  expect(scene.runs()).toHaveLength(1);
  expect(scene.ownComments()).toHaveLength(1);
}, 200_000);

function labelledPayload(repositoryId: number): string {
  return JSON.stringify({ action: "labeled", label: { name: "baton" }, repository: { id: repositoryId } });
}

function sign(secret: string, body: string): string {
  return `sha256=${createHmac("sha256", secret).update(body).digest("hex")}`;
}

async function post(body: string, { signature }: { readonly signature: string | null }): Promise<unknown[]> {
  const response = await fetch(`${world.baton().url}/api/github/webhooks`, {
    method: "POST",
    headers: {
      "content-type": "application/json",
      "x-github-event": "issues",
      "x-github-delivery": randomUUID(),
      ...(signature !== null && { "x-hub-signature-256": signature }),
    },
    body,
  });
  return [response.status, await response.text()];
}
