/**
 * Bundles the action into dist/action.js, which is committed, since GitHub runs an action straight from its
 * repository. `--check` builds it in memory and fails when the committed file is another one.
 */
import { readFile, writeFile } from "node:fs/promises";
import { fileURLToPath } from "node:url";
import { build } from "esbuild";

const root = fileURLToPath(new URL("../", import.meta.url));
const target = fileURLToPath(new URL("../dist/action.js", import.meta.url));

/** CommonJS packages inside the bundle still ask for `require`. */
const REQUIRE_FOR_COMMONJS = [
  'import { createRequire as batonCreateRequire } from "node:module";',
  "const require = batonCreateRequire(import.meta.url);",
].join("\n");

async function bundle(): Promise<string> {
  const result = await build({
    absWorkingDir: root,
    entryPoints: ["src/main/action.ts"],
    bundle: true,
    platform: "node",
    target: "node24",
    format: "esm",
    charset: "utf8",
    legalComments: "inline",
    banner: {
      js: `// Built by scripts/build-action.ts: change the sources, then run it again.\n${REQUIRE_FOR_COMMONJS}`,
    },
    write: false,
    logLevel: "warning",
  });
  const file = result.outputFiles[0];
  if (file === undefined) throw new Error("esbuild wrote no file.");
  return file.text;
}

const built = await bundle();
if (process.argv.includes("--check")) {
  const committed = await readFile(target, "utf8").catch(() => null);
  if (committed !== built) {
    console.error(
      "dist/action.js is not what the sources build: run `node scripts/build-action.ts` and commit it.",
    );
    process.exitCode = 1;
  }
} else {
  await writeFile(target, built);
  console.log(`dist/action.js: ${Math.round(Buffer.byteLength(built) / 1024)} kB`);
}
