import { mkdtempSync, rmSync, statSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";

import { createLocalJWKSet, jwtVerify, SignJWT } from "jose";
import { expect, onTestFinished, test } from "vitest";

import { loadSigningKey } from "./signing-key.ts";

test("the key is made once, for its owner's eyes, and signs what its public half verifies", async () => {
  const directory = mkdtempSync(join(tmpdir(), "signing-key-"));
  onTestFinished(() => rmSync(directory, { recursive: true }));
  const file = join(directory, "keys", "oidc.pem");
  const first = await loadSigningKey(file);
  const second = await loadSigningKey(file);
  expect(second.jwk).toEqual(first.jwk);
  expect(statSync(file).mode & 0o777).toBe(0o600);
  expect(Object.keys(first.jwk).sort()).toEqual(["alg", "e", "kid", "kty", "n", "use"]);
  const header = { alg: "RS256", kid: first.jwk.kid };
  const token = await new SignJWT({ sub: "x" }).setProtectedHeader(header).sign(first.privateKey);
  const { payload } = await jwtVerify(token, createLocalJWKSet({ keys: [second.jwk] }));
  expect(payload.sub).toBe("x");
});
