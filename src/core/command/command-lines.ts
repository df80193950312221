import { fromMarkdown } from "mdast-util-from-markdown";
import { gfmFromMarkdown } from "mdast-util-gfm";
import type { Nodes, Text } from "mdast";
import { gfm } from "micromark-extension-gfm";

/** One line of a comment whose first word stands in plain text. */
export type CommandLine = { readonly text: string; readonly line: number };

/** Constructs that cannot hide a line from the reader, left out for the time that hostile input makes them take. */
const IGNORED_CONSTRUCTS = [
  "attention",
  "characterReference",
  "strikethrough",
  "gfmFootnoteCall",
  "gfmFootnoteDefinition",
  "emailAutolink",
  "protocolAutolink",
  "wwwAutolink",
  "tasklistCheck",
];

const EXTENSIONS = [gfm(), { disable: { null: IGNORED_CONSTRUCTS } }];
const MDAST_EXTENSIONS = [gfmFromMarkdown()];

/**
 * Lines that begin as commands do and hold nothing that Markdown gives a meaning to, nor an address. Most comments with commands are
 * nothing else, and reading one with the parser takes longer than deciding and storing what it asks for.
 */
const PLAIN_LINES = /^(?:[/@][\w /@,-]*(?:\r\n|\r|\n|$))+$/u;

/** Text between these is quoted, hidden or code, even where Markdown goes on inside. */
const ENCLOSING_ELEMENTS = new Set([
  "blockquote",
  "code",
  "details",
  "kbd",
  "pre",
  "samp",
  "table",
  "template",
]);

/** Blocks whose own lines are said by whoever wrote the comment. */
const SPEAKING_BLOCKS = new Set(["root", "list", "listItem", "paragraph", "heading"]);

/**
 * The lines of a comment that begin in plain text: not in block quotes, code, tables, links or HTML. A heading counts
 * only as Markdown makes one of a line by what stands under it, such as the two dashes before a mail's signature.
 * `markdown` must be within the limits of parse-commands: the Markdown parser takes more than linear time.
 */
export function commandLines(markdown: string): readonly CommandLine[] {
  return PLAIN_LINES.test(markdown) ? plainLines(markdown) : speakingLines(markdown);
}

function plainLines(markdown: string): readonly CommandLine[] {
  return linesOf(markdown).flatMap((text, index) =>
    text === "" ? [] : [{ text: text.trimEnd(), line: index + 1 }],
  );
}

/** What the Markdown parser says, for any text. */
export function speakingLines(markdown: string): readonly CommandLine[] {
  const tree = fromMarkdown(markdown, { extensions: EXTENSIONS, mdastExtensions: MDAST_EXTENSIONS });
  const source = linesOf(markdown);
  return speakingTexts(tree).flatMap((text) => linesBegunIn(text, source));
}

function linesOf(text: string): string[] {
  return text.split(/\r\n|\r|\n/u);
}

/** All texts directly in a speaking block and outside enclosing HTML, in order. */
function speakingTexts(tree: Nodes): readonly Text[] {
  const found: Text[] = [];
  const enclosing: string[] = [];
  const pending: Nodes[] = [tree];
  for (let node = pending.pop(); node !== undefined; node = pending.pop()) {
    if (node.type === "html") followElements(node.value, enclosing);
    else if (node.type === "text" && enclosing.length === 0) found.push(node);
    else if (SPEAKING_BLOCKS.has(node.type) && "children" in node)
      pending.push(...node.children.toReversed());
  }
  return found;
}

/** Keeps `enclosing` at the elements that are open after this HTML. */
function followElements(html: string, enclosing: string[]): void {
  for (const [, slash, name = ""] of html.matchAll(/<(\/?)([a-z][a-z0-9]*)\b/giu)) {
    const element = name.toLowerCase();
    if (!ENCLOSING_ELEMENTS.has(element)) continue;
    if (slash === "") enclosing.push(element);
    else if (enclosing.includes(element)) enclosing.length = enclosing.lastIndexOf(element);
  }
}

function linesBegunIn(text: Text, source: readonly string[]): CommandLine[] {
  if (!text.position) return [];
  const { start, end } = text.position;
  const lines: CommandLine[] = [];
  for (let line = start.line; line <= end.line; line += 1) {
    const whole = source[line - 1] ?? "";
    const firstColumn = whole.search(/\S/u) + 1;
    const isInText =
      (line > start.line || firstColumn >= start.column) && (line < end.line || firstColumn < end.column);
    // A backslash at the end is Markdown for a line break.
    if (firstColumn > 0 && isInText) lines.push({ text: whole.trim().replace(/\\$/u, "").trimEnd(), line });
  }
  return lines;
}
