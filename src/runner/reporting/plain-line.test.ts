import fc from "fast-check";
import { expect, test } from "vitest";
import { plainLine } from "./plain-line.ts";

test("no line of an agent is a command to the runner", () => {
  fc.assert(
    fc.property(
      fc.string({ unit: "binary" }),
      fc.constantFrom("::", "##[", "\r::", "\n::", "  ::"),
      (text, command) => {
        const line = plainLine(`${command}${text}`);
        expect(line.trimStart().startsWith("::")).toBe(false);
        expect(line).not.toContain("##[");
        expect(line).not.toMatch(/[\n\r\u001b]/);
      },
    ),
  );
});

test("ordinary text is shown as it is", () => {
  expect(plainLine("✓ adds (3 ms)")).toBe("│ ✓ adds (3 ms)");
});
