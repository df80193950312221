import { expect, test } from "vitest";
import { addressTail, encodePath, splitReference } from "./code-path.ts";

test.each([
  ["main/src/a.ts", ["main"], "main", "src/a.ts"],
  ["baton/7-fix/src/a.ts", ["main", "baton/7-fix"], "baton/7-fix", "src/a.ts"],
  ["a/b", ["a", "a/b"], "a/b", ""],
  ["mainline/x", ["main"], "mainline", "x"],
  ["0123abc/x/y", ["main"], "0123abc", "x/y"],
])("reads %j with the references %j", (tail, names, reference, path) => {
  expect(splitReference(tail, names)).toEqual({ reference, path });
});

test("a path survives being put into an address and read from it", () => {
  const path = 'a b/c#d/e?f/100%/"<i>".md';
  expect(addressTail(`http://127.0.0.1/o/r/blob/main/${encodePath(path)}`)).toBe(`main/${path}`);
});

test("an address that is not UTF-8 has no path", () => {
  expect(addressTail("http://127.0.0.1/o/r/blob/%ff")).toBeNull();
});
