import { createSign } from "node:crypto";

import type { CreatedApp } from "../../../src/forge/hub/setup/create-app.ts";

export interface AppTokenClaims {
  iss?: string | number;
  iat?: number;
  exp?: number;
}

/** The JWT with which an App proves who it is, as GitHub's documentation describes it. */
export function signAppToken(
  { app, privateKey }: CreatedApp,
  now: Date,
  claims: AppTokenClaims = {},
): string {
  const seconds = Math.floor(now.getTime() / 1000);
  const header = encode({ alg: "RS256", typ: "JWT" });
  const payload = encode({ iat: seconds - 60, exp: seconds + 540, iss: app.id, ...claims });
  const signature = createSign("sha256").update(`${header}.${payload}`).sign(privateKey, "base64url");
  return `${header}.${payload}.${signature}`;
}

function encode(value: object): string {
  return Buffer.from(JSON.stringify(value)).toString("base64url");
}
