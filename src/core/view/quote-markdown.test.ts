import fc from "fast-check";
import { fromMarkdown } from "mdast-util-from-markdown";
import { gfmFromMarkdown } from "mdast-util-gfm";
import type { Nodes } from "mdast";
import { gfm } from "micromark-extension-gfm";
import { describe, expect, test } from "vitest";
import { cpuMs } from "../../../test/support/cpu-time.ts";
import { quoteMarkdown } from "./quote-markdown.ts";

function nodesOf(markdown: string): Nodes[] {
  const tree = fromMarkdown(markdown, { extensions: [gfm()], mdastExtensions: [gfmFromMarkdown()] });
  const found: Nodes[] = [];
  const pending: Nodes[] = [tree];
  for (let node = pending.pop(); node; node = pending.pop()) {
    found.push(node);
    if ("children" in node) pending.push(...node.children);
  }
  return found;
}

test("keeps what was meant: lists, tables, code with what it holds, links", () => {
  const plan =
    "# Plan\n\n1. Fix `Array<T>`\n\n```ts\nconst a: Array<T> = [];\n```\n\n[docs](https://example.org/@x)";
  expect(quoteMarkdown(plan, 5_000)).toMatchInlineSnapshot(`
    "> # Plan
    >
    > 1. Fix \`Array<T>\`
    >
    > \`\`\`ts
    > const a: Array<T> = [];
    > \`\`\`
    >
    > [docs](https://example.org/@x)"
  `);
});

test.each([
  ["a mention", "ask @robin", "> ask @\u200brobin"],
  ["a mention by entity", "ask &#64;robin &commat;sam", "> ask &amp;#\u200b64;robin &amp;commat;sam"],
  ["a reference that closes", "Fixes #12, GH-3", "> Fixes #\u200b12, GH-\u200b3"],
  ["an image", "![x](http://example.org/x.png)", "> \\![x](http://example.org/x.png)"],
  ["an image in a link", "[![x](http://a.b/x.png)](http://a.b)", "> [\\![x](http://a.b/x.png)](http://a.b)"],
  ["HTML", "a <img src=x> b\n\n</details>", "> a &lt;img src=x> b\n>\n> &lt;/details>"],
  ["a comment", "<!-- baton:status:1 -->", "> &lt;!-- baton:status:1 -->"],
])("%s does nothing", (_what, markdown, quoted) => {
  expect(quoteMarkdown(markdown, 5_000)).toBe(quoted);
});

test("what is left open ends with the quote", () => {
  const after = nodesOf(`${quoteMarkdown("```\nopen", 5_000)}\n\n**after**`);
  expect(after.map(({ type }) => type)).toContain("strong");
});

test("what is too long is cut at a line and says so", () => {
  const quote = quoteMarkdown("A line of the plan.\n".repeat(500), 1_000);
  expect(quote.length).toBeLessThanOrEqual(1_000);
  expect(quote).toMatch(/plan\.\n>\n> \*…shortened\.\*$/);
});

const fragment = fc.oneof(
  fc.constantFrom(
    "@robin",
    "#1",
    "<b>",
    "</details>",
    "<!--",
    "-->",
    "![a](http://b)",
    "```\n",
    "~~~\n",
    "`",
    "> ",
    "- ",
  ),
  fc.constantFrom(
    "\n",
    "\n\n",
    "    ",
    "\t",
    "[a](b)",
    "[",
    "]",
    "<pre>",
    "</pre>",
    "&lt;",
    "&#64;x",
    "\\",
    "|",
    "\n-|-\n",
    "<?",
    "]]>",
  ),
  fc.string({ unit: "binary", maxLength: 6 }),
);

describe("whatever is quoted", () => {
  test("holds no HTML and no image, calls nobody, and ends where it ends", () => {
    fc.assert(
      fc.property(fc.array(fragment, { maxLength: 40 }), (fragments) => {
        const quote = quoteMarkdown(fragments.join(""), 4_000);
        expect(quote.length).toBeLessThanOrEqual(4_000);
        const nodes = nodesOf(`${quote}\n\n# The end`);
        expect(
          nodes.filter(({ type }) => type === "html" || type === "image" || type === "imageReference"),
        ).toEqual([]);
        expect(
          nodes.filter(
            (node) => node.type === "text" && /@[A-Za-z0-9]/.test(node.value) && !isLinked(nodes, node),
          ),
        ).toEqual([]);
        expect(
          nodes.find((node) => node.type === "root" && node.children.at(-1)?.type === "heading"),
        ).toBeDefined();
      }),
      { numRuns: 500 },
    );
  });

  test.each(["[", "![", "<a ", "*_", ">", "- ", "|a", "`", "<!--", "[a]: b\n", "@a "])(
    "is quoted in good time, even if it is full of %j",
    (piece) => {
      const started = cpuMs();
      expect(quoteMarkdown(piece.repeat(60_000 / piece.length), 16_000).length).toBeLessThanOrEqual(16_000);
      expect(cpuMs() - started).toBeLessThan(5_000);
    },
  );
});

function isLinked(nodes: readonly Nodes[], text: Nodes): boolean {
  return nodes.some(
    (node) => (node.type === "link" || node.type === "linkReference") && contains(node, text),
  );
}

function contains(node: Nodes, text: Nodes): boolean {
  return node === text || ("children" in node && node.children.some((child) => contains(child, text)));
}
