import { generateKeyPairSync } from "node:crypto";

/** A key for an App that no GitHub knows, in PEM. */
export function createPrivateKey(): string {
  const { privateKey } = generateKeyPairSync("rsa", { modulusLength: 2_048 });
  return privateKey.export({ type: "pkcs1", format: "pem" }).toString();
}
