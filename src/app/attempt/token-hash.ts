import { hash } from "node:crypto";

/** Bearer tokens are stored as their SHA-256 (hex) only: a reader of the store cannot use them. */
export function tokenHash(token: string): string {
  return hash("sha256", token, "hex");
}
