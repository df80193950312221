import { expect, test } from "vitest";
import { html, trustedHtml, type HtmlContent } from "./html.ts";

test("escapes strings for text and for quoted attributes", () => {
  const hostile = `<b a="1" b='2'>&`;
  expect(html`<p title="${hostile}">${hostile}</p>`.toString()).toBe(
    '<p title="&lt;b a=&quot;1&quot; b=&#39;2&#39;&gt;&amp;">&lt;b a=&quot;1&quot; b=&#39;2&#39;&gt;&amp;</p>',
  );
});

test("takes markup and lists of it as they are, and prints nothing for what is absent", () => {
  const items: HtmlContent[] = ["<", html`<i>${1}</i>`, null, undefined, false, [trustedHtml("<hr />")]];
  expect(html`${items}`.toString()).toBe("&lt;<i>1</i><hr />");
});

test("refuses a promise rather than printing it", () => {
  const promise = Promise.resolve("x") as unknown as HtmlContent;
  expect(() => html`${promise}`).toThrow(TypeError);
});
