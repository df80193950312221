import { createServer } from "node:http";
import type { Server } from "node:http";
import type { AddressInfo } from "node:net";
import { exportJWK, generateKeyPair, SignJWT } from "jose";
import { afterEach, beforeEach, expect, test } from "vitest";
import { createActionsIdentity } from "./actions-identity.ts";

const AUDIENCE = "https://baton.test";
const { privateKey, publicKey } = await generateKeyPair("RS256");
const JWKS = JSON.stringify({ keys: [{ ...(await exportJWK(publicKey)), kid: "k", alg: "RS256" }] });

let server: Server;
let issuer = "";
let keys = { status: 200, body: JWKS };

beforeEach(async () => {
  keys = { status: 200, body: JWKS };
  server = createServer((_request, response) => {
    response.writeHead(keys.status, { "content-type": "application/json" }).end(keys.body);
  });
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  issuer = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
});

afterEach(async () => {
  server.closeAllConnections();
  await new Promise((resolve) => server.close(resolve));
});

function tokenFor(claims: object, audience = AUDIENCE): Promise<string> {
  const all = { repository_id: "1", run_id: "44", workflow_ref: "a/b", event_name: "push", ...claims };
  const token = new SignJWT(all).setProtectedHeader({ alg: "RS256", kid: "k" }).setIssuedAt();
  return token.setIssuer(issuer).setAudience(audience).setExpirationTime("5m").sign(privateKey);
}

test("a job is who its token says: numbers come as strings, and no environment is none", async () => {
  const verified = await createActionsIdentity({ issuer, audience: AUDIENCE }).verify(await tokenFor({}));
  expect(verified).toEqual({
    ok: true,
    value: { repositoryId: 1, runId: 44, workflowRef: "a/b", eventName: "push", environment: null },
  });
});

test("a token for another service is refused", async () => {
  const token = await tokenFor({}, "https://elsewhere.test");
  const verified = await createActionsIdentity({ issuer, audience: AUDIENCE }).verify(token);
  expect(verified).toMatchObject({ ok: false, error: expect.stringContaining("not accepted") as string });
});

test.each([
  ["answers with an error", { status: 503, body: "" }],
  ["answers with something else", { status: 200, body: "<html>" }],
  ["has no keys to show", { status: 200, body: "{}" }],
])(
  "while the issuer %s, nothing is said of the token: it throws, so that the job asks again",
  async (_what, given) => {
    const identity = createActionsIdentity({ issuer, audience: AUDIENCE });
    const token = await tokenFor({});
    keys = given;
    await expect(identity.verify(token)).rejects.toThrow();
    keys = { status: 200, body: JWKS };
    expect(await identity.verify(token)).toMatchObject({ ok: true });
  },
);
