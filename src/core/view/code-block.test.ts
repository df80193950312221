import fc from "fast-check";
import { fromMarkdown } from "mdast-util-from-markdown";
import { expect, test } from "vitest";
import { codeBlock, logTail } from "./code-block.ts";
import { withoutTerminalCodes } from "./terminal-codes.ts";

test("nothing in a block ends it", () => {
  fc.assert(
    fc.property(
      fc.string({ unit: fc.constantFrom("`", "~", "\n", "a", " ", "<"), maxLength: 40 }),
      (text) => {
        const { children } = fromMarkdown(`${codeBlock(text)}\n\nafter`);
        expect(children.map(({ type }) => type)).toEqual(["code", "paragraph"]);
      },
    ),
    { numRuns: 1_000 },
  );
});

test("colours and control characters are left out", () => {
  expect(withoutTerminalCodes("\u001b[1;31mred\u001b[0m \u001b]0;title\u0007x\u0000\r\ny\tz")).toBe(
    "red x\ny\tz",
  );
});

test("of a long log the end is kept, from the start of a line", () => {
  expect(logTail("one\ntwo\nthree", 8)).toBe("…\nthree");
  expect(logTail("x".repeat(20), 8)).toMatch(/^…\nx{8}$/);
  expect(logTail("short", 8)).toBe("short");
});
