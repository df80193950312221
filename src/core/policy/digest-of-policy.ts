import { sha256 } from "@noble/hashes/sha2.js";
import { bytesToHex, utf8ToBytes } from "@noble/hashes/utils.js";
import { canonicalJson } from "../canonical-json.ts";
import type { Policy } from "./policy.ts";

/** SHA-256 (hex) of the policy as canonical JSON (RFC 8785), so that only a change of meaning changes it. */
export function digestOfPolicy(policy: Omit<Policy, "digest">): string {
  return bytesToHex(sha256(utf8ToBytes(canonicalJson(policy))));
}
