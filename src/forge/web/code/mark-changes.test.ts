import { expect, test } from "vitest";
import { markChanges } from "./mark-changes.ts";

function check(removed: string, added: string): string | null {
  const marked = markChanges(removed, added);
  if (!marked) return null;
  return [marked.removed, marked.added]
    .map((line) => `${line.before}[${line.changed}]${line.after}`)
    .join(" | ");
}

test("marks what differs between a line and its replacement", () => {
  expect(check("return round(x);", "return square(x);")).toBe("return [round](x); | return [square](x);");
  expect(check("const a = 1;", "const a = 12;")).toBe("const a = 1[]; | const a = 1[2];");
});

test("a repeated character counts for one side only", () => {
  expect(check("aaaa", "aaa")).toBe("aaa[a] | aaa[]");
});

test("lines that share only their indentation or an end are different lines", () => {
  expect(check("    return 1;", "    throw new Error();")).toBeNull();
});
