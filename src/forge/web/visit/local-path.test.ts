import { expect, test } from "vitest";
import { localPath } from "./local-path.ts";

test.each(["/", "/o/r/issues?state=closed#x"])("keeps the forge's own %j", (path) => {
  expect(localPath(path)).toBe(path);
});

test.each([
  "",
  "//evil.example",
  "/\\evil.example",
  "https://evil.example",
  "/a\r\nset-cookie: x",
  "javascript:1",
])("replaces %j", (path) => {
  expect(localPath(path)).toBe("/");
});
