import { randomBytes } from "node:crypto";
import type { Randomness } from "../../ports/randomness.ts";

export const systemRandomness: Randomness = {
  token: () => randomBytes(32).toString("base64url"),
  draw: () => Math.random(),
};
