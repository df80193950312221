import { fromMarkdown } from "mdast-util-from-markdown";
import { gfmFromMarkdown } from "mdast-util-gfm";
import type { Nodes } from "mdast";
import { gfm } from "micromark-extension-gfm";
import { codeBlock } from "./code-block.ts";
import { neutralized, shorten } from "./inline-text.ts";

/** The Markdown parser takes more than linear time, and nobody reads more than this in a comment. */
const MAX_PARSED = 12_000;

/** Deeper containers are written by no planner, and cost the parser its stack. */
const MAX_NESTING = 40;

/** HTML that is escaped may make other Markdown of what is around it; this often is enough for all that is honest. */
const MAX_PASSES = 4;

type Edit = { readonly start: number; readonly end: number; readonly text: string };

/**
 * Somebody else's Markdown as a block quote, formatted as they meant it, in which nothing calls anybody, loads an
 * image, hides what follows or ends the quote. At most `limit` characters; what is cut says so.
 */
export function quoteMarkdown(markdown: string, limit: number): string {
  for (let share = Math.min(MAX_PARSED, limit); share > 200; share = Math.floor(share / 2)) {
    const quote = quoteAtMost(markdown, share);
    if (quote.length <= limit) return quote;
  }
  return quoteLines("*Too long to show here.*");
}

function quoteAtMost(markdown: string, length: number): string {
  const clean = markdown.replace(/\r\n?/gu, "\n").replace(/[\u0000-\u0008\u000b-\u001f\u007f\ufeff]/gu, "");
  if (clean.length <= length) return harmlessQuote(clean);
  return harmlessQuote(`${cutAtLine(clean, length)}\n\n*…shortened.*`);
}

function cutAtLine(text: string, length: number): string {
  const cut = shorten(text, length);
  const lastBreak = cut.lastIndexOf("\n");
  return lastBreak > length / 2 ? cut.slice(0, lastBreak) : cut;
}

/** The prefix closes every block that the text left open: an endless fence ends with its quote. */
function quoteLines(text: string): string {
  return text
    .replace(/^\n+|\s+$/gu, "")
    .split("\n")
    .map((line) => (line.trim() === "" ? ">" : `> ${line}`))
    .join("\n");
}

/**
 * Quotes the text and edits the quote where it does what it must not: the quote is what GitHub reads, and a tab means
 * something else behind its prefix. What cannot be made harmless is shown as code.
 */
function harmlessQuote(markdown: string): string {
  if (isTooNested(markdown)) return quoteLines(codeBlock(markdown));
  let quote = quoteLines(markdown);
  for (let pass = 0; pass < MAX_PASSES; pass += 1) {
    const edits = editsOf(quote);
    if (edits.length === 0) return quote;
    quote = apply(quote, edits);
  }
  return editsOf(quote).length === 0 ? quote : quoteLines(codeBlock(markdown));
}

function isTooNested(markdown: string): boolean {
  return new RegExp(`^(?:[ \\t]*(?:>|[-+*]|\\d{1,9}[.)])){${MAX_NESTING}}`, "mu").test(markdown);
}

/** Constructs that make no difference to what is HTML, an image, code or a link, left out for the time they can take. */
const IGNORED_CONSTRUCTS = ["attention", "strikethrough", "tasklistCheck"];

function editsOf(markdown: string): readonly Edit[] {
  const tree = fromMarkdown(markdown, {
    extensions: [gfm(), { disable: { null: IGNORED_CONSTRUCTS } }],
    mdastExtensions: [gfmFromMarkdown()],
  });
  const edits: Edit[] = [];
  const pending: { readonly node: Nodes; readonly isInLink: boolean }[] = [{ node: tree, isInLink: false }];
  for (let next = pending.pop(); next !== undefined; next = pending.pop()) {
    const { node, isInLink } = next;
    const edit = isInLink && node.type === "text" ? null : editOf(node, markdown);
    if (edit) edits.push(edit);
    else if ("children" in node) {
      const nested = isInLink || node.type === "link" || node.type === "linkReference";
      pending.push(...node.children.map((child) => ({ node: child, isInLink: nested })));
    }
  }
  return edits;
}

function editOf(node: Nodes, markdown: string): Edit | null {
  const start = node.position?.start.offset;
  const end = node.position?.end.offset;
  if (start === undefined || end === undefined) return null;
  const source = markdown.slice(start, end);
  const text = harmlessSource(node, source);
  return text === source ? null : { start, end, text };
}

/** GitHub makes no mentions of what stands in a link or in code, so those keep their text. */
function harmlessSource(node: Nodes, source: string): string {
  if (node.type === "html") return source.replaceAll("<", "&lt;");
  if (node.type === "image" || node.type === "imageReference") return `\\${source}`;
  if (node.type !== "text") return source;
  return neutralized(source.replace(ENTITIES_THAT_CALL, "&amp;$1"));
}

/** "@" and "#" in their other spellings. */
const ENTITIES_THAT_CALL = /&((?:#0*(?:64|35)|#x0*(?:40|23)|commat|num);)/giu;

function apply(text: string, edits: readonly Edit[]): string {
  return edits
    .toSorted((a, b) => b.start - a.start)
    .reduce(
      (edited, { start, end, text: inserted }) => edited.slice(0, start) + inserted + edited.slice(end),
      text,
    );
}
