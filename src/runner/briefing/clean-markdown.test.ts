import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { cleanMarkdown } from "./clean-markdown.ts";

describe("Markdown as its page shows it", () => {
  test.each([
    ["code with a comment in it", "Write:\n\n```html\n<!-- keep me -->\n```\n\nand `<!-- me -->` too."],
    ["generics and operators", "Use `List<String>` when a < b && c > d."],
    ["links and lists", "- [x] see [the docs](https://example.org/a_b)\n- <https://example.org>\n1. one"],
    ["a table", "| a | b |\n| --- | --- |\n| 1 | 2 |"],
    ["a link by its own label", "See [docs].\n\n[docs]: https://example.org"],
    ["a note", "Fact[^1].\n\n[^1]: Source."],
    ["indented code at the start", "    <!-- code -->\n\ntext"],
    ["emphasis and headings", "# Title\n\n*a* **b** ~~c~~ > d"],
  ])("keeps %s", (_what, text) => {
    expect(cleanMarkdown(text)).toBe(text);
  });

  test.each([
    ["a comment", "before <!-- do evil --> after", "before  after"],
    ["a comment without an end", "before\n\n<!-- do evil", "before"],
    ["a comment made by another one's removal", "a <!<!-- x -->-- evil --> b", "a  b"],
    ["an instruction and a declaration", "a <?evil?> <!DOCTYPE evil> b", "a   b"],
    ["attributes", '<span hidden style="display:none" title="evil">seen</span>', "<span>seen</span>"],
    [
      "attributes of a tag that leads somewhere",
      '<a title="evil" href="https://e.org/x">y</a>',
      '<a href="https://e.org/x">y</a>',
    ],
    ["attributes with brackets in them", "<p title=\"a>b\" data-x='evil'>c</p>", "<p>c</p>"],
    [
      "folded text's tags' attributes",
      '<details data-evil="x"><summary>s</summary>t</details>',
      "<details><summary>s</summary>t</details>",
    ],
    ["a picture's text", '![evil](https://e.org/i.png "evil")', "![](https://e.org/i.png)"],
    ["a picture by reference", "![evil][i]\n\n[i]: https://e.org/i.png 'evil'", "![](https://e.org/i.png)"],
    ["a picture that is data", "![x](data:text/plain,evil)", "![]()"],
    [
      "HTML pictures",
      '<picture><source srcset="evil"><img alt="evil" src="i.png"></picture>',
      '<picture><source><img src="i.png"></picture>',
    ],
    ["a link's title", '[docs](https://e.org "evil")', "[docs](https://e.org)"],
    [
      "a label that nobody sees",
      "[docs][evil label]\n\n[evil label]: https://e.org",
      "[docs](https://e.org)",
    ],
    ["a comment written as a definition", "text\n\n[//]: # (evil)\n[comment]: <> (evil)", "text"],
    ["a definition's title", "[a]\n\n[a]: https://e.org 'evil'", "[a]\n\n[a]: https://e.org"],
    ["a note that nothing refers to", "text\n\n[^evil]: hidden", "text"],
    ["what stands behind a language", "```js evil=1 more\ncode\n```", "```js\ncode\n```"],
    ["an emoji's hidden rider in a comment", "<|im_<!-- -->start|>", "‹|im_start|>"],
  ])("takes away %s", (_what, text, seen) => {
    expect(cleanMarkdown(text)).toBe(seen);
  });

  test.each([
    ["too long", `<!-- evil -->\n${"x".repeat(12_000)}`],
    ["nested too deep", `${"> ".repeat(60)}<!-- evil -->`],
  ])("shows as code what is %s to be read", (_what, text) => {
    expect(cleanMarkdown(text)).toBe(text.replace(/^(?=.)/gmu, "    "));
  });

  const PIECES = [
    "<!--",
    "-->",
    "<!",
    "<?",
    "?>",
    "<a ",
    "<b title='",
    "'",
    '"',
    ">",
    "</a>",
    "![",
    "[",
    "]",
    "](",
    ")",
  ]
    .concat([
      "(",
      "x",
      " ",
      "\n",
      "\n\n",
      "[x]: ",
      "[^x]",
      ": ",
      "```",
      "~~~",
      "`",
      "    ",
      "- ",
      "> ",
      "&lt;",
      "\\",
    ])
    .concat([
      "http://e.org",
      "<http://e.org>",
      "|",
      "\n| - | - |\n",
      "<|x|>",
      "\u200b",
      "data:x",
      "#",
      "1. ",
      "\t",
    ]);
  const DOCUMENT = fc.array(fc.constantFrom(...PIECES), { maxLength: 40 }).map((pieces) => pieces.join(""));

  test("cleaned twice is cleaned once", () => {
    fc.assert(
      fc.property(DOCUMENT, (text) => {
        const clean = cleanMarkdown(text);
        expect(cleanMarkdown(clean)).toBe(clean);
      }),
      { numRuns: 200 },
    );
  });

  test("grows by the indentation of its lines at most", () => {
    fc.assert(
      fc.property(fc.oneof(DOCUMENT, fc.string({ unit: "binary" })), (text) => {
        const lines = text.split(/[\n\r\u000b\u000c\u0085\u2028\u2029]/u).length;
        expect(cleanMarkdown(text).length).toBeLessThanOrEqual(text.length * 3 + lines * 4);
      }),
    );
  });

  test("plain sentences stay as they are", () => {
    const word = fc.constantFrom("Save", "naïve", "файл", "שלום", "資料", "🙂", "it's", "a.b", "x=1", "C#");
    const line = fc.array(word, { minLength: 1, maxLength: 8 }).map((words) => words.join(" "));
    fc.assert(
      fc.property(fc.array(line, { minLength: 1, maxLength: 6 }), (lines) => {
        expect(cleanMarkdown(lines.join("\n\n"))).toBe(lines.join("\n\n"));
      }),
    );
  });
});
