import { chmodSync, existsSync, mkdirSync, readFileSync, writeFileSync } from "node:fs";
import { dirname } from "node:path";

import { calculateJwkThumbprint, exportJWK, exportPKCS8, generateKeyPair, importPKCS8, type JWK } from "jose";

export interface SigningKey {
  privateKey: Awaited<ReturnType<typeof importPKCS8>>;
  /** The public half as the issuer publishes it. */
  jwk: JWK & { kid: string };
}

/** The issuer's key: made on first use, kept in a file that only its owner may read. */
export async function loadSigningKey(file: string): Promise<SigningKey> {
  if (!existsSync(file)) await createKeyFile(file);
  const privateKey = await importPKCS8(readFileSync(file, "utf8"), "RS256", { extractable: true });
  const { kty, n, e } = await exportJWK(privateKey);
  if (kty === undefined || n === undefined || e === undefined) throw new Error(`${file} holds no RSA key`);
  const kid = await calculateJwkThumbprint({ kty, n, e });
  return { privateKey, jwk: { kty, n, e, alg: "RS256", use: "sig", kid } };
}

async function createKeyFile(file: string): Promise<void> {
  const { privateKey } = await generateKeyPair("RS256", { extractable: true });
  mkdirSync(dirname(file), { recursive: true });
  writeFileSync(file, await exportPKCS8(privateKey), { mode: 0o600 });
  chmodSync(file, 0o600);
}
