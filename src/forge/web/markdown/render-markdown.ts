import type { Definition, Root, RootContent } from "mdast";
import { fromMarkdown } from "mdast-util-from-markdown";
import { gfmFromMarkdown } from "mdast-util-gfm";
import { gfm } from "micromark-extension-gfm";
import { html, type Html } from "../html.ts";
import { isCostlyMarkdown } from "./is-costly-markdown.ts";
import type { DocumentPlace } from "./link-target.ts";
import { renderBlocks } from "./render-blocks.ts";

export interface MarkdownOptions {
  /** `owner/name`, so that `#12` and commit ids lead somewhere. */
  repository: string;
  /** Keep every line end as a line break, as GitHub does in comments but not in files. */
  keepLineBreaks: boolean;
  /** Where the document lies, for relative links and pictures. */
  place?: DocumentPlace;
  /** Keeps the anchors of several documents on one page apart. */
  anchorPrefix?: string;
}

/** What rendering needs to know everywhere in a document. */
export interface MarkdownContext extends MarkdownOptions {
  anchorPrefix: string;
  definitions: ReadonlyMap<string, Definition>;
  /** References already met inside a link stay text: links do not nest. */
  isInsideLink: boolean;
}

/**
 * Renders GitHub-flavoured Markdown. Raw HTML is not passed on: comments vanish, `<details>`, `<summary>` and
 * `<br>` are rebuilt from the tree, the rest is shown as text. Every string goes through the escaping template, so
 * what comes out is safe by construction. A text made to exhaust the parser is shown as it was written.
 */
export function renderMarkdown(source: string, options: MarkdownOptions): Html {
  const key = JSON.stringify([source, options]);
  const rendered = cache.get(key) ?? renderAfresh(source, options);
  // Deleting first moves the entry to the end, so that the first key is the one longest unused.
  cache.delete(key);
  cache.set(key, rendered);
  const [oldest] = cache.keys();
  if (cache.size > maxCachedTexts && oldest !== undefined) cache.delete(oldest);
  return rendered;
}

// Open pages are rendered every second or two, and their texts hardly ever change.
const maxCachedTexts = 500;
const cache = new Map<string, Html>();

function renderAfresh(source: string, options: MarkdownOptions): Html {
  if (isCostlyMarkdown(source)) return html`<div class="markdown"><pre>${source}</pre></div>`;
  const root = fromMarkdown(source, { extensions: [gfm()], mdastExtensions: [gfmFromMarkdown()] });
  const context: MarkdownContext = {
    anchorPrefix: "doc-",
    ...options,
    definitions: collectDefinitions(root),
    isInsideLink: false,
  };
  return html`<div class="markdown">${renderBlocks(root.children, context)}</div>`;
}

function collectDefinitions(root: Root): Map<string, Definition> {
  const definitions = new Map<string, Definition>();
  const open: (Root | RootContent)[] = [root];
  for (let node = open.pop(); node; node = open.pop()) {
    if (node.type === "definition" && !definitions.has(node.identifier))
      definitions.set(node.identifier, node);
    if ("children" in node) open.push(...[...node.children].reverse());
  }
  return definitions;
}
