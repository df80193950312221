import fc from "fast-check";
import { fromMarkdown } from "mdast-util-from-markdown";
import { gfmFromMarkdown } from "mdast-util-gfm";
import { gfm } from "micromark-extension-gfm";
import { describe, expect, test } from "vitest";
import { inlineCode, inlineText, neutralized, plainLine, shorten } from "./inline-text.ts";

function parse(markdown: string) {
  return fromMarkdown(markdown, { extensions: [gfm()], mdastExtensions: [gfmFromMarkdown()] });
}

describe("inline text", () => {
  test.each([
    ["*bold* _and_ `code`", "\\*bold\\* \\_and\\_ \\`code\\`"],
    ["<img src=x> & [link](x)", "&lt;img src=x> &amp; \\[link\\](x)"],
    ["@robin closes #4", "@\u200brobin closes #\u200b4"],
    ["# title", "\\# title"],
    ["1. first", "1\\. first"],
    ["two\nlines\u001b[31m", "two lines"],
  ])("%j becomes %j", (text, inline) => {
    expect(inlineText(text, 200)).toBe(inline);
  });

  test("shows what was written as one paragraph of text, links aside", () => {
    fc.assert(
      fc.property(fc.string({ unit: "binary", maxLength: 60 }), (text) => {
        const line = plainLine(text, 200);
        const { children } = parse(inlineText(text, 200));
        if (line === "") return;
        expect(children.map(({ type }) => type)).toEqual(["paragraph"]);
        const [paragraph] = children;
        const types = paragraph?.type === "paragraph" ? paragraph.children.map(({ type }) => type) : [];
        expect(types.filter((type) => type !== "text" && type !== "link")).toEqual([]);
      }),
      { numRuns: 1_000 },
    );
  });
});

test("inline code shows exactly the line, however many backticks it holds", () => {
  fc.assert(
    fc.property(fc.string({ unit: fc.constantFrom("`", "a", " ", "*", "@"), maxLength: 12 }), (text) => {
      const line = plainLine(text, 200);
      fc.pre(line !== "");
      expect(parse(`x ${inlineCode(text, 200)} y`).children[0]).toMatchObject({
        children: [{ type: "text" }, { type: "inlineCode", value: line }, { type: "text" }],
      });
    }),
  );
});

test("a plain line has no control, invisible or direction-changing characters", () => {
  expect(plainLine("a\u0000b\u202ec\r\nd\u200be\ufefff\ud800", 100)).toBe("abc def");
});

test.each([
  ["@a", "@\u200ba"],
  ["a@b.example", "a@\u200bb.example"],
  ["#1 o/r#2 GH-3", "#\u200b1 o/r#\u200b2 GH-\u200b3"],
  ["https://example.org/o/r/issues/5", "https://example.org/o/r/issues/\u200b5"],
  ["@ # C#", "@ # C#"],
])("%j is neutralized", (text, neutral) => {
  expect(neutralized(text)).toBe(neutral);
  expect(neutralized(neutral)).toBe(neutral);
});

test("what is shortened ends in an ellipsis and never in half a character", () => {
  expect(shorten("abcdef", 4)).toBe("abc…");
  expect(shorten("ab😀cd", 4)).toBe("ab…");
  expect(shorten("abc", 3)).toBe("abc");
});
