import { mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { expect, onTestFinished, test } from "vitest";
import { keepPassword } from "./create-cluster.ts";

test("a password is made once, and again where a write that was cut off left an empty file", () => {
  const folder = mkdtempSync(join(tmpdir(), "baton-password-"));
  onTestFinished(() => rmSync(folder, { recursive: true }));
  const file = join(folder, "password");
  writeFileSync(file, "");
  writeFileSync(`${file}.new`, "cut o");
  const password = keepPassword(file, null);
  expect(password).toMatch(/^[\w-]{32}$/);
  expect(keepPassword(file, null)).toBe(password);
  expect(readFileSync(file, "utf8")).toBe(password);
  expect(readdirSync(folder)).toEqual(["password"]);
});
