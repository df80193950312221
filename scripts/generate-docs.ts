/**
 * Writes the pages of docs/ that are generated as a whole. `--check` writes nothing and fails when a committed page is
 * another one. The regions inside of docs/commands.md and docs/policy.md are held by tests beside their sources.
 */
import { readFile, writeFile } from "node:fs/promises";
import { fileURLToPath } from "node:url";
import { format, resolveConfig } from "prettier";
import { renderConformance } from "./render-conformance.ts";
import { renderPerformance } from "./render-performance.ts";
import { renderStateMachine } from "./render-state-machine.ts";

const PAGES: Readonly<Record<string, () => string | Promise<string>>> = {
  "docs/conformance.md": renderConformance,
  "docs/performance.md": renderPerformance,
  "docs/state-machine.md": renderStateMachine,
};

for (const [page, render] of Object.entries(PAGES)) {
  const path = fileURLToPath(new URL(`../${page}`, import.meta.url));
  const text = await format(await render(), { ...(await resolveConfig(path)), filepath: path });
  if (!process.argv.includes("--check")) {
    await writeFile(path, text);
    continue;
  }
  const committed = await readFile(path, "utf8").catch(() => null);
  if (committed === text) continue;
  console.error(`${page} is not what the sources say: run \`npm run generate\` and commit it.`);
  process.exitCode = 1;
}
