import { expect, test } from "vitest";
import { parsePatch } from "./parse-patch.ts";

test("numbers the lines of both sides and keeps git's remark about a missing newline", () => {
  const patch = [
    "@@ -1,3 +1,3 @@ function greet() {",
    " one",
    "-two",
    "+2",
    " three",
    "\\ No newline at end of file",
    "",
  ];
  expect(parsePatch(patch.join("\n"))).toEqual([
    {
      header: "@@ -1,3 +1,3 @@ function greet() {",
      lines: [
        { kind: "context", oldNumber: 1, newNumber: 1, text: "one" },
        { kind: "removed", oldNumber: 2, text: "two" },
        { kind: "added", newNumber: 2, text: "2" },
        { kind: "context", oldNumber: 3, newNumber: 3, text: "three" },
        { kind: "note", text: "No newline at end of file" },
      ],
    },
  ]);
});

test("skips git's file headers and starts each hunk at its own numbers", () => {
  const patch =
    "diff --git a/x b/x\nindex 1..2 100644\n--- a/x\n+++ b/x\n@@ -10 +20,2 @@\n-a\n+b\n+c\n@@ -40 +51 @@\n z";
  const [first, second] = parsePatch(patch);
  expect(first?.lines.map((line) => [line.oldNumber, line.newNumber])).toEqual([
    [10, undefined],
    [undefined, 20],
    [undefined, 21],
  ]);
  expect(second?.lines).toEqual([{ kind: "context", oldNumber: 40, newNumber: 51, text: "z" }]);
});
