import { createHash } from "node:crypto";
import { readFileSync } from "node:fs";
import { relative } from "node:path";

import { globFiles } from "./glob-files.ts";

/** `hashFiles(…)`: the digest of the digests of all files found in the workspace; empty when there are none. */
export function hashFiles(workspace: string, patterns: readonly string[]): string {
  const files = globFiles(patterns, { root: workspace, hidden: true }).filter(
    (file) => !relative(workspace, file).startsWith(".."),
  );
  if (files.length === 0) return "";
  const whole = createHash("sha256");
  for (const file of files) whole.update(createHash("sha256").update(readFileSync(file)).digest());
  return whole.digest("hex");
}
