import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { posix } from "node:path";
import { symlinkEscapes } from "./symlink-escapes.ts";

describe("a symlink that may lead out of the repository", () => {
  test.each([
    ["link", "/etc/passwd"],
    ["link", "../secrets"],
    ["a/link", "../../secrets"],
    ["a/b/link", "../../../x"],
    ["link", "a/../b"],
    ["link", ".git/config"],
    ["a/link", "../.GIT/hooks"],
    ["link", "C:\\Windows"],
    ["link", "\\\\server\\share"],
    ["link", ""],
    ["link", "a\0b"],
  ])("%s -> %j is found", (path, target) => {
    expect(symlinkEscapes(path, target)).toBe(true);
  });

  test.each([
    ["link", "README.md"],
    ["a/link", "../README.md"],
    ["a/b/link", "../../docs/./x"],
    ["link", ".github/x"],
    ["a/link", ".."],
  ])("%s -> %j stays inside", (path, target) => {
    expect(symlinkEscapes(path, target)).toBe(false);
  });

  test("whatever passes stays inside when it is resolved", () => {
    const segment = fc.constantFrom("..", ".", "a", "b", "", ".git", "c.d");
    const route = fc.array(segment, { minLength: 1, maxLength: 6 }).map((parts) => parts.join("/"));
    fc.assert(
      fc.property(fc.array(fc.constantFrom("a", "b"), { maxLength: 3 }), route, (parents, target) => {
        const path = [...parents, "link"].join("/");
        fc.pre(!symlinkEscapes(path, target));
        const resolved = posix.join("/repository", posix.dirname(path), target);
        expect(resolved === "/repository" || resolved.startsWith("/repository/")).toBe(true);
      }),
    );
  });
});
