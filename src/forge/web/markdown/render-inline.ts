import type { Nodes, RootContent } from "mdast";
import { html, type Html, type HtmlContent } from "../html.ts";
import { icon } from "../pieces/icon.ts";
import { splitReferences, type TextPart } from "./link-references.ts";
import { linkTarget, pictureSource } from "./link-target.ts";
import type { MarkdownContext } from "./render-markdown.ts";
import { splitHtml } from "./split-html.ts";

/** Renders the content of a paragraph, heading or cell. */
export function renderInline(nodes: readonly RootContent[], context: MarkdownContext): Html {
  const rendered: HtmlContent[] = [];
  for (let index = 0; index < nodes.length; index += 1) {
    const small = smallText(nodes, index);
    const node = nodes[index];
    if (small) {
      rendered.push(small.wrap(renderInline(nodes.slice(index + 1, small.end), context)));
      index = small.end;
    } else if (node) {
      rendered.push(renderInlineNode(node, context));
    }
  }
  return html`${rendered}`;
}

const smallElements = {
  sub: (content: Html): Html => html`<sub>${content}</sub>`,
  sup: (content: Html): Html => html`<sup>${content}</sup>`,
};

/** How far the closing tag is looked for, so that a text of nothing but opening ones is read in passing. */
const maxSmallNodes = 200;

/** The element for small text that opens at `start`, and where it closes; none where it does not. */
function smallText(nodes: readonly RootContent[], start: number) {
  const name = (["sub", "sup"] as const).find((each) => isTag(nodes[start], `<${each}>`));
  if (name === undefined) return null;
  const after = nodes
    .slice(start + 1, start + 1 + maxSmallNodes)
    .findIndex((node) => isTag(node, `</${name}>`));
  return after < 0 ? null : { wrap: smallElements[name], end: start + 1 + after };
}

function isTag(node: RootContent | undefined, tag: string): boolean {
  return node?.type === "html" && node.value.toLowerCase() === tag;
}

function renderInlineNode(node: RootContent, context: MarkdownContext): HtmlContent {
  switch (node.type) {
    case "text":
      return renderText(node.value, context);
    case "emphasis":
      return html`<em>${renderInline(node.children, context)}</em>`;
    case "strong":
      return html`<strong>${renderInline(node.children, context)}</strong>`;
    case "delete":
      return html`<del>${renderInline(node.children, context)}</del>`;
    case "inlineCode":
      return html`<code>${node.value}</code>`;
    case "break":
      return html`<br />`;
    case "link":
      return renderLink(node.url, node.children, context);
    case "linkReference": {
      const definition = context.definitions.get(node.identifier);
      if (definition) return renderLink(definition.url, node.children, context);
      return renderInline(node.children, context);
    }
    case "image":
      return renderPicture(node.url, node.alt ?? "", context);
    case "imageReference": {
      const definition = context.definitions.get(node.identifier);
      return definition ? renderPicture(definition.url, node.alt ?? "", context) : (node.alt ?? "");
    }
    case "footnoteReference":
      return html`<sup
        ><a href="#${context.anchorPrefix}note-${node.identifier}">${node.label ?? node.identifier}</a></sup
      >`;
    case "html":
      return splitHtml(node.value).map((part) => {
        if (part.kind === "break") return html`<br />`;
        return part.kind === "text" ? part.text : node.value;
      });
    // Blocks do not occur here; should one, its text is shown.
    case "blockquote":
    case "code":
    case "definition":
    case "footnoteDefinition":
    case "heading":
    case "list":
    case "listItem":
    case "paragraph":
    case "table":
    case "tableRow":
    case "tableCell":
    case "thematicBreak":
    case "yaml":
      return plainText(node);
  }
}

function renderText(text: string, context: MarkdownContext): HtmlContent {
  if (!context.keepLineBreaks) return renderReferences(text, context);
  const [first = "", ...others] = text.split("\n");
  return [
    renderReferences(first, context),
    ...others.map((line) => html`<br />${renderReferences(line, context)}`),
  ];
}

function renderReferences(text: string, context: MarkdownContext): HtmlContent {
  if (context.isInsideLink) return text;
  return splitReferences(text).map((part) => renderReference(part, context));
}

function renderReference(part: TextPart, context: MarkdownContext): HtmlContent {
  switch (part.kind) {
    case "text":
      return part.text;
    case "mention":
      return html`<a class="mention" href="/${encodeURIComponent(part.login)}">${part.text}</a>`;
    case "issue":
      return html`<a href="/${part.repository ?? context.repository}/issues/${part.number}">${part.text}</a>`;
    case "commit":
      return html`<a href="/${context.repository}/commit/${part.sha}"
        ><code>${part.sha.slice(0, 7)}</code></a
      >`;
  }
}

function renderLink(url: string, children: readonly RootContent[], context: MarkdownContext): Html {
  const content = renderInline(children, { ...context, isInsideLink: true });
  const target = linkTarget(url, context.place);
  if (target === null || context.isInsideLink) return content;
  if (target.startsWith("#"))
    return html`<a href="#${context.anchorPrefix}${target.slice(1)}">${content}</a>`;
  return html`<a href="${target}" rel="nofollow noreferrer">${content}</a>`;
}

/** Pictures from elsewhere become links, so that opening a page tells no other server about it. */
function renderPicture(url: string, alt: string, context: MarkdownContext): Html {
  const source = pictureSource(url, context.place);
  if (source !== null) return html`<img src="${source}" alt="${alt}" loading="lazy" />`;
  const label = html`${icon("link")}${alt || "picture"}`;
  const target = linkTarget(url, context.place);
  if (target === null || context.isInsideLink) return html`<span class="picture-link">${label}</span>`;
  return html`<a class="picture-link" href="${target}" rel="nofollow noreferrer">${label}</a>`;
}

/** The text of a node without its markup. */
export function plainText(node: Nodes): string {
  if ("value" in node) return node.value;
  if ("children" in node) return node.children.map(plainText).join("");
  return "alt" in node ? (node.alt ?? "") : "";
}
