import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, expect, test } from "vitest";
import { MIGRATIONS_FOLDER } from "./open-store.ts";
import { readMigrations } from "./read-migrations.ts";

let folder: string;

beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), "baton-migrations-"));
});

afterEach(() => {
  rmSync(folder, { recursive: true, force: true });
});

function write(files: Record<string, string>): void {
  for (const [name, script] of Object.entries(files)) writeFileSync(join(folder, name), script);
}

test("migrations are read in the order of their numbers, and nothing else is", async () => {
  write({ "002_second.sql": "SELECT 2", "001_first.sql": "SELECT 1", "README.md": "about" });
  const migrations = await readMigrations(folder);
  expect(migrations.map(({ version, name, script }) => [version, name, script])).toEqual([
    [1, "first", "SELECT 1"],
    [2, "second", "SELECT 2"],
  ]);
});

test("a checkout with other line ends has the same checksum, another text has not", async () => {
  write({ "001_first.sql": "SELECT 1;\nSELECT 2;\n" });
  const [unix] = await readMigrations(folder);
  write({ "001_first.sql": "SELECT 1;\r\nSELECT 2;\r\n" });
  const [windows] = await readMigrations(folder);
  write({ "001_first.sql": "SELECT 1;\nSELECT 3;\n" });
  const [edited] = await readMigrations(folder);
  expect(windows?.checksum).toBe(unix?.checksum);
  expect(edited?.checksum).not.toBe(unix?.checksum);
});

test.for([
  [{ "001_a.sql": "", "003_c.sql": "" }, "003_c.sql stands where 2 belongs"],
  [{ "001_a.sql": "", "001_b.sql": "" }, "001_b.sql stands where 2 belongs"],
  [{ "1_a.sql": "" }, "1_a.sql is no migration"],
] as const)("%o is refused", async ([files, message]) => {
  write(files);
  await expect(readMigrations(folder)).rejects.toThrow(message);
});

test("the migrations that come with the program can be read", async () => {
  expect((await readMigrations(MIGRATIONS_FOLDER)).length).toBeGreaterThan(0);
});
