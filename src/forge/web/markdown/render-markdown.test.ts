import { expect, test } from "vitest";
import { renderMarkdown, type MarkdownOptions } from "./render-markdown.ts";

function check(source: string, options: Partial<MarkdownOptions> = {}): string {
  const markup = renderMarkdown(source, { repository: "acme/widgets", keepLineBreaks: true, ...options });
  return markup
    .toString()
    .replace(/\s+/g, " ")
    .replace(/ >/g, ">")
    .replace(/> </g, "><")
    .replace(/^<div class="markdown">(.*)<\/div>$/, "$1");
}

test("renders the usual marks, with line ends kept in comments and not in files", () => {
  expect(check("**a**\n~~b~~ `c`")).toBe("<p><strong>a</strong><br /><del>b</del><code>c</code></p>");
  expect(check("a\nb", { keepLineBreaks: false })).toBe("<p>a b</p>");
});

test("renders small text where its element is whole and plain, and shows the tags of any other", () => {
  expect(check("<sub>tier `high` · #1</sub>")).toBe(
    '<p><sub>tier <code>high</code> · <a href="/acme/widgets/issues/1">#1</a></sub></p>',
  );
  expect(check("x<sup>2</sup>")).toBe("<p>x<sup>2</sup></p>");
  expect(check("<sub>open")).toBe("<p>&lt;sub&gt;open</p>");
  expect(check('a <sub onclick="x">b</sub>')).toBe("<p>a &lt;sub onclick=&quot;x&quot;&gt;b&lt;/sub&gt;</p>");
});

test("renders task lists as named check boxes", () => {
  expect(check("- [x] done\n- [ ] open")).toBe(
    '<ul><li class="task"><input type="checkbox" disabled checked aria-label="done" /> done </li>' +
      '<li class="task"><input type="checkbox" disabled aria-label="not done" /> open </li></ul>',
  );
});

test("links mentions, issues and commits, but not inside code or links", () => {
  const sha = "0123456789abcdef0123456789abcdef01234567";
  expect(check(`@ada #3 acme/other#4 ${sha}`)).toBe(
    '<p><a class="mention" href="/ada">@ada</a><a href="/acme/widgets/issues/3">#3</a>' +
      '<a href="/acme/other/issues/4">acme/other#4</a>' +
      `<a href="/acme/widgets/commit/${sha}"><code>0123456</code></a></p>`,
  );
  expect(check("`@ada` [#3](https://example.org)")).toBe(
    '<p><code>@ada</code><a href="https://example.org" rel="nofollow noreferrer">#3</a></p>',
  );
});

test("drops HTML comments, even an unfinished one, and keeps what is around them", () => {
  expect(check("<!-- baton:status:7 -->\n\nWorking")).toBe("<p>Working</p>");
  expect(check("before <!-- hidden --> after")).toBe("<p>before after</p>");
  expect(check("seen\n\n<!-- never closed\n\n**x**")).toBe("<p>seen</p>");
});

test("rebuilds details and summary, nested and unfinished ones too", () => {
  expect(check("<details open>\n<summary><b>Log</b> tail</summary>\n\n`x`\n\n</details>\n\nend")).toBe(
    "<details open><summary>Log tail</summary><p><code>x</code></p></details><p>end</p>",
  );
  expect(check("<details><summary>a</summary>\n\n<details><summary>b</summary>\n\ntext")).toBe(
    "<details><summary>a</summary><details><summary>b</summary><p>text</p></details></details>",
  );
  expect(check("</details>\n\ntext")).toBe("<p>text</p>");
});

test("shows any other HTML as text", () => {
  expect(check('<img src=x onerror="alert(1)">')).toBe(
    "<p>&lt;img src=x onerror=&quot;alert(1)&quot;&gt;</p>",
  );
  expect(check("<details onclick=alert(1)>\n\nx")).not.toContain("<details");
  expect(check("a <script>alert(1)</script>")).not.toContain("<script");
});

test.each([
  "[x](javascript:alert(1))",
  "[x](JaVaScRiPt:alert(1))",
  "[x](&#106;avascript:alert(1))",
  "[x](java&#9;script:alert(1))",
  "[x](data:text/html,hi)",
  "[x](vbscript:x)",
  "[x][y]\n\n[y]: javascript:alert(1)",
  "![x](javascript:alert(1))",
])("makes no link of %j", (source) => {
  expect(check(source)).not.toMatch(/href|src=/);
});

test("quotes in addresses and picture texts cannot leave their attribute", () => {
  expect(check('[x](</a"onmouseover="alert(1)>)')).toContain('href="/a&quot;onmouseover=&quot;alert(1)"');
  expect(check('![" onerror="alert(1)](/p.png)')).toContain('alt="&quot; onerror=&quot;alert(1)"');
});

test("loads pictures from the repository only; others become links", () => {
  const place = { pages: "/acme/widgets/blob/main/docs/", files: "/acme/widgets/raw/main/docs/" };
  expect(check("![loop](img/loop.svg)", { place })).toBe(
    '<p><img src="/acme/widgets/raw/main/docs/img/loop.svg" alt="loop" loading="lazy" /></p>',
  );
  expect(check("[up](../README.md#use)", { place })).toContain(
    'href="/acme/widgets/blob/main/README.md#use"',
  );
  expect(check("![badge](https://example.org/b.svg)")).not.toContain("<img");
  expect(check("![badge](//example.org/b.svg)")).not.toContain("<img");
});

test("leads links within a document to its prefixed headings", () => {
  expect(check("## Get Started!\n\n[go](#get-started)", { anchorPrefix: "readme-" })).toBe(
    '<h3 class="h2" id="readme-get-started">Get Started!</h3><p><a href="#readme-get-started">go</a></p>',
  );
});

test.each([
  ["quotes", ">".repeat(60_000)],
  ["lists", "- ".repeat(30_000)],
  ["emphasis", "*a_ ".repeat(16_000)],
])("shows a text that piles up %s as written, without delay", (_what, source) => {
  const start = performance.now();
  expect(check(`${source} deep`)).toContain("deep");
  expect(performance.now() - start).toBeLessThan(2000);
});
