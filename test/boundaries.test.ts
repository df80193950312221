import { execFile } from "node:child_process";
import { mkdir, mkdtemp, readFile, rm, symlink, writeFile } from "node:fs/promises";
import { createRequire } from "node:module";
import { tmpdir } from "node:os";
import { dirname, join, resolve } from "node:path";
import { promisify } from "node:util";
import { expect, onTestFinished, test } from "vitest";
import { listFiles } from "./support/list-files.ts";

const run = promisify(execFile);
const CONFIG = resolve(".dependency-cruiser.cjs");
const { forbidden } = createRequire(import.meta.url)(CONFIG) as {
  readonly forbidden: readonly { name: string }[];
};

/** For each rule one file that breaks it, by what it imports. */
const BREACHES: Readonly<Record<string, { readonly file: string; readonly imports: string }>> = {
  "floor-base": { file: "src/base/breach.ts", imports: "../core/innocent.ts" },
  "floor-core": { file: "src/core/breach.ts", imports: "../ports/innocent.ts" },
  "floor-contract": { file: "src/contract/breach.ts", imports: "../app/innocent.ts" },
  "floor-ports": { file: "src/ports/breach.ts", imports: "../contract/innocent.ts" },
  "floor-app": { file: "src/app/breach.ts", imports: "../adapters/one/innocent.ts" },
  "floor-adapters": { file: "src/adapters/one/breach.ts", imports: "../../app/innocent.ts" },
  "floor-runner": { file: "src/runner/breach.ts", imports: "../core/innocent.ts" },
  "floor-forge": { file: "src/forge/breach.ts", imports: "../core/innocent.ts" },
  "floor-surfaces": { file: "src/surfaces/breach.ts", imports: "../adapters/one/innocent.ts" },
  "adapters-apart": { file: "src/adapters/two/breach.ts", imports: "../one/innocent.ts" },
  "main-on-top": { file: "scripts/breach.ts", imports: "../src/main/innocent.ts" },
  "core-packages": { file: "src/core/package-breach.ts", imports: "pg" },
  "core-without-node": { file: "src/core/node-breach.ts", imports: "node:fs" },
  "zod-at-the-edges": { file: "src/app/zod-breach.ts", imports: "zod" },
  "no-cycles": { file: "src/app/cycle-back.ts", imports: "./cycle.ts" },
  "tests-stay-out": { file: "src/app/test-breach.ts", imports: "../../test/innocent.ts" },
};

type Cruise = {
  readonly summary: {
    readonly totalCruised: number;
    readonly violations: readonly { readonly from: string; readonly rule: { readonly name: string } }[];
  };
};

async function cruise(folder: string, ...paths: string[]): Promise<Cruise> {
  const cli = resolve("node_modules/.bin/depcruise");
  const output = await run(cli, ["--config", CONFIG, "--output-type", "json", ...paths], {
    cwd: folder,
    maxBuffer: 64 * 1024 * 1024,
  });
  return JSON.parse(output.stdout) as Cruise;
}

test("every rule is broken once here, and none goes unnoticed", async () => {
  const folder = await mkdtemp(join(tmpdir(), "baton-boundaries-"));
  onTestFinished(() => rm(folder, { recursive: true }));
  await symlink(resolve("node_modules"), join(folder, "node_modules"));
  const files = new Map([
    ["tsconfig.json", "{}"],
    ["src/app/cycle.ts", 'import "./cycle-back.ts";\n'],
    ["test/innocent.ts", "export const innocent = 1;\n"],
  ]);
  for (const floor of ["core", "ports", "contract", "app", "adapters/one", "main"]) {
    files.set(`src/${floor}/innocent.ts`, "export const innocent = 1;\n");
  }
  for (const { file, imports } of Object.values(BREACHES)) files.set(file, `import "${imports}";\n`);
  for (const [path, text] of files) {
    await mkdir(dirname(join(folder, path)), { recursive: true });
    await writeFile(join(folder, path), text);
  }
  const { summary } = await cruise(folder, "src", "scripts");
  const caught = summary.violations.map(({ from, rule }) => `${rule.name}: ${from}`);
  expect(forbidden.map(({ name }) => name).sort()).toEqual(Object.keys(BREACHES).sort());
  for (const [rule, { file }] of Object.entries(BREACHES)) expect(caught).toContain(`${rule}: ${file}`);
});

test("the sources keep every rule, and were really read", async () => {
  const { summary } = await cruise(resolve("."), "src", "scripts");
  expect(summary.violations.map(({ from, rule }) => `${rule.name}: ${from}`)).toEqual([]);
  expect(summary.totalCruised).toBeGreaterThan(500);
});

test("events reach the store from one place", async () => {
  const sources = (await listFiles("src/*.ts")).filter((path) => !path.endsWith(".test.ts"));
  const texts = await Promise.all(
    sources.map(async (path) => ({ path, text: await readFile(path, "utf8") })),
  );
  const committing = texts.filter(({ text }) => /\btasks\s*\.commit\(/.test(text));
  expect(committing.map(({ path }) => path)).toEqual(["src/app/change-task.ts"]);
});
