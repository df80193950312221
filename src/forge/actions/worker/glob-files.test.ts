import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join, relative } from "node:path";

import { afterAll, beforeAll, expect, test } from "vitest";

import { globFiles, patternLines, searchRoot } from "./glob-files.ts";
import { hashFiles } from "./hash-files.ts";

const root = mkdtempSync(join(tmpdir(), "glob-files-"));

beforeAll(() => {
  for (const file of ["a.txt", "b.log", "sub/c.txt", "sub/deep/d.txt", ".hidden/e.txt", "sub/.f"]) {
    mkdirSync(dirname(join(root, file)), { recursive: true });
    writeFileSync(join(root, file), file);
  }
});

afterAll(() => rmSync(root, { recursive: true }));

test.each<[string[], string[]]>([
  [["*.txt"], ["a.txt"]],
  [["**/*.txt"], ["a.txt", "sub/c.txt", "sub/deep/d.txt"]],
  [["sub"], ["sub/c.txt", "sub/deep/d.txt"]],
  [["sub/", "!sub/deep/**"], ["sub/c.txt"]],
  [
    [join(root, "a.txt"), "b.*"],
    ["a.txt", "b.log"],
  ],
  [["nothing/**"], []],
])("%j", (patterns, expected) => {
  const found = globFiles(patterns, { root, hidden: false });
  expect(found.map((file) => relative(root, file))).toEqual(expected);
});

test("hidden files are found when asked for", () => {
  const found = globFiles(["**/*"], { root, hidden: true }).map((file) => relative(root, file));
  expect(found).toEqual(expect.arrayContaining([".hidden/e.txt", "sub/.f"]));
});

test("a search starts where the pattern has no wildcard yet", () => {
  expect(searchRoot("sub/*/x", root)).toBe(join(root, "sub"));
  expect(searchRoot("sub/deep", root)).toBe(join(root, "sub/deep"));
  expect(searchRoot("/abs/**", root)).toBe("/abs");
  expect(searchRoot("*", root)).toBe(root);
});

test("pattern lists leave out comments", () => {
  expect(patternLines(" a \n# no\n\n!b")).toEqual(["a", "!b"]);
});

test("hashFiles depends on the contents found, and is empty without any", () => {
  const all = hashFiles(root, ["**/*.txt"]);
  expect(all).toMatch(/^[0-9a-f]{64}$/);
  expect(hashFiles(root, ["**/*.txt"])).toBe(all);
  expect(hashFiles(root, ["a.txt"])).not.toBe(all);
  expect(hashFiles(root, ["*.none"])).toBe("");
  expect(hashFiles(root, ["/etc/hostname"])).toBe("");
});
