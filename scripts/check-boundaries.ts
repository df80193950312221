/**
 * Holds the imports of the sources to the rules of .dependency-cruiser.cjs, and tells with each breach why the rule is
 * there and what to do instead. A cruise that saw nothing finds nothing wrong (as when the cruiser does not know the
 * version of TypeScript), so that it fails here.
 */
import { execFileSync } from "node:child_process";
import { createRequire } from "node:module";
import { fileURLToPath } from "node:url";

type Violation = { readonly from: string; readonly to: string; readonly rule: { readonly name: string } };
type Cruise = {
  readonly summary: { readonly totalCruised: number; readonly violations: readonly Violation[] };
};
type Rules = { readonly forbidden: readonly { readonly name: string; readonly comment: string }[] };

const require = createRequire(import.meta.url);
const root = fileURLToPath(new URL("../", import.meta.url));
const { forbidden } = require("../.dependency-cruiser.cjs") as Rules;
const { summary } = cruise(["src", "scripts"]);

for (const { from, to, rule } of summary.violations) {
  const why = forbidden.find(({ name }) => name === rule.name)?.comment ?? "";
  console.error(`${from} may not import ${to} (${rule.name}).\n  ${why}`);
}
if (summary.totalCruised === 0)
  console.error("No module was read: is TypeScript of a version that the cruiser knows?");
if (summary.violations.length > 0 || summary.totalCruised === 0) process.exitCode = 1;
else console.log(`The imports of ${summary.totalCruised} modules keep to the floors.`);

function cruise(paths: readonly string[]): Cruise {
  const options = ["--config", ".dependency-cruiser.cjs", "--output-type", "json"];
  const output = execFileSync("node_modules/.bin/depcruise", [...options, ...paths], {
    cwd: root,
    encoding: "utf8",
    maxBuffer: 64 * 1024 * 1024,
    stdio: ["ignore", "pipe", "inherit"],
  });
  return JSON.parse(output) as Cruise;
}
