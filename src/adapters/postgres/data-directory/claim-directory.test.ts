import { mkdirSync, mkdtempSync, rmSync, statSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, expect, test } from "vitest";
import { claimDirectory, WrongDatabase } from "./claim-directory.ts";
import { DirectoryLocked } from "./lock-directory.ts";

let folder: string;

beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), "baton-claim-"));
});

afterEach(() => {
  rmSync(folder, { recursive: true, force: true });
});

test("a new directory is for its owner alone, and claimed once", () => {
  const path = join(folder, "a", "data");
  const claimed = claimDirectory(path, "embedded");
  expect(claimed).toMatchObject({ path, database: join(path, "pgdata") });
  expect(statSync(path).mode & 0o777).toBe(0o700);
  expect(() => claimDirectory(path, "embedded")).toThrow(DirectoryLocked);
  claimed.release();
});

test("a directory whose record another kind of database keeps is refused, and free for that one", () => {
  mkdirSync(join(folder, "pgdata"));
  const refused = () => claimDirectory(folder, "server");
  expect(refused).toThrow(WrongDatabase);
  expect(refused).toThrow("holds the record of the embedded database. Set BATON_STORE=embedded");
  claimDirectory(folder, "embedded").release();
});
