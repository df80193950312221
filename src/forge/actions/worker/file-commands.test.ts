import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";

import { afterAll, expect, test } from "vitest";

import { readAssignments, readPaths } from "./file-commands.ts";

const directory = mkdtempSync(join(tmpdir(), "file-commands-"));

afterAll(() => rmSync(directory, { recursive: true }));

function written(text: string): string {
  const file = join(directory, "file");
  writeFileSync(file, text);
  return file;
}

test.each<[string, Record<string, string>]>([
  ["", {}],
  ["a=1\r\nb=x=y<<z\n\nempty=\n", { a: "1", b: "x=y<<z", empty: "" }],
  ["text<<END\nline 1\n\nline 3=x\nEND\nafter=1\n", { text: "line 1\n\nline 3=x", after: "1" }],
  ["none<<E\nE\n", { none: "" }],
  ["a=1\na=2\n", { a: "2" }],
])("%j", (text, expected) => {
  expect(readAssignments(written(text))).toEqual(expected);
});

test.each([
  ["no assignment", "Invalid format 'no assignment'"],
  ["=value", "Name must not be empty"],
  ["a<<END\nnever ends", "Matching delimiter not found 'END'"],
])("%j is refused", (text, message) => {
  expect(() => readAssignments(written(text))).toThrow(message);
});

test("paths come one to a line", () => {
  expect(readPaths(written("/a\r\n\n/b c\n"))).toEqual(["/a", "/b c"]);
});
