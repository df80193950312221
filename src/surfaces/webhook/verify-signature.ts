import { createHmac, timingSafeEqual } from "node:crypto";

const SIGNATURE = /^sha256=([0-9a-f]{64})$/i;

/**
 * Whether one of the secrets signed exactly these bytes. Several at once allow a secret to be replaced: GitHub signs
 * with the new one as soon as it is set, and redelivers with it too.
 */
export function isSignedBy(secrets: readonly string[], body: Uint8Array, header: string): boolean {
  const given = SIGNATURE.exec(header)?.[1];
  if (given === undefined) return false;
  const signature = Buffer.from(given, "hex");
  return secrets.some((secret) =>
    timingSafeEqual(createHmac("sha256", secret).update(body).digest(), signature),
  );
}
