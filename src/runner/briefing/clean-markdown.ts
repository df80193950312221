import { fromMarkdown } from "mdast-util-from-markdown";
import { gfmFromMarkdown } from "mdast-util-gfm";
import type { Definition, Link, LinkReference, Nodes } from "mdast";
import { gfm } from "micromark-extension-gfm";
import { cleanHtml, cleanUrl } from "./clean-html.ts";
import { cleanText } from "./clean-text.ts";

/** The Markdown parser takes more than linear time. */
const MAX_PARSED = 12_000;

/** Deeper containers are written by nobody, and cost the parser its stack. */
const MAX_NESTING = 40;

/** What is taken away may make other Markdown of what is around it; this often is enough for all that is honest. */
const MAX_PASSES = 4;

type Edit = { readonly start: number; readonly end: number; readonly text: string };

/**
 * Somebody's Markdown with only what a reader of the page sees: no HTML comments, no attributes, no text of images,
 * titles of links, labels or notes that nothing refers to. Code stays as it is. Text that is too long to be parsed,
 * or does not come to rest, is indented as code, where nothing is hidden.
 */
export function cleanMarkdown(markdown: string): string {
  const clean = trimmed(cleanText(markdown));
  if (clean.length > MAX_PARSED || isTooNested(clean)) return asCode(clean);
  let text = clean;
  for (let pass = 0; pass < MAX_PASSES; pass += 1) {
    const edited = trimmed(cleanText(apply(text, editsOf(text))));
    if (edited === text) return text;
    text = edited;
  }
  return asCode(clean);
}

/** Without empty lines around it: the first line's indentation is a part of the text. */
function trimmed(text: string): string {
  return text.replace(/^(?:[ \t]*\n)+/u, "").trimEnd();
}

function asCode(text: string): string {
  if (text.split("\n").every((line) => line === "" || line.startsWith("    "))) return text;
  return text.replace(/^(?=.)/gmu, "    ");
}

function isTooNested(markdown: string): boolean {
  return new RegExp(`^(?:[ \\t]*(?:>|[-+*]|\\d{1,9}[.)])){${MAX_NESTING}}`, "mu").test(markdown);
}

/** Constructs that make no difference to what is hidden, left out for the time they can take. */
const IGNORED_CONSTRUCTS = ["attention", "strikethrough", "tasklistCheck"];

function editsOf(markdown: string): readonly Edit[] {
  const tree = fromMarkdown(markdown, {
    extensions: [gfm(), { disable: { null: IGNORED_CONSTRUCTS } }],
    mdastExtensions: [gfmFromMarkdown()],
  });
  const nodes = nodesOf(tree);
  const references = findReferences(nodes);
  return nodes.flatMap((node) => {
    const edit = editOf(node, markdown, references);
    return edit !== null && markdown.slice(edit.start, edit.end) !== edit.text ? [edit] : [];
  });
}

function nodesOf(tree: Nodes): readonly Nodes[] {
  const nodes: Nodes[] = [];
  const pending: Nodes[] = [tree];
  for (let node = pending.pop(); node !== undefined; node = pending.pop()) {
    nodes.push(node);
    if ("children" in node) pending.push(...node.children);
  }
  return nodes;
}

type References = {
  readonly definitions: ReadonlyMap<string, Definition>;
  /** Labels that the page shows, as the text of a link or the number of a note. */
  readonly shown: ReadonlySet<string>;
};

function findReferences(nodes: readonly Nodes[]): References {
  const definitions = new Map<string, Definition>();
  const shown = new Set<string>();
  for (const node of nodes) {
    if (node.type === "definition" && !definitions.has(node.identifier)) {
      definitions.set(node.identifier, node);
    }
    if (node.type === "footnoteReference") shown.add(node.identifier);
    if (node.type === "linkReference" && node.referenceType !== "full") shown.add(node.identifier);
  }
  return { definitions, shown };
}

function editOf(node: Nodes, markdown: string, { definitions, shown }: References): Edit | null {
  const start = node.position?.start.offset;
  const end = node.position?.end.offset;
  if (start === undefined || end === undefined) return null;
  const source = markdown.slice(start, end);
  switch (node.type) {
    case "html":
      return { start, end, text: cleanHtml(source) };
    case "image":
      return { start, end, text: `![](${cleanUrl(node.url)})` };
    case "imageReference":
      return { start, end, text: `![](${cleanUrl(definitions.get(node.identifier)?.url ?? "")})` };
    case "link":
      return hasTitle(node) ? { start: endOfText(node, start), end, text: `](${cleanUrl(node.url)})` } : null;
    case "linkReference": {
      if (node.referenceType !== "full") return null;
      const url = cleanUrl(definitions.get(node.identifier)?.url ?? "");
      return { start: endOfText(node, start), end, text: `](${url})` };
    }
    case "definition": {
      if (!shown.has(node.identifier)) return { start, end, text: "" };
      return hasTitle(node) ? { start, end, text: `[${node.label ?? ""}]: ${cleanUrl(node.url)}` } : null;
    }
    case "footnoteDefinition":
      return shown.has(node.identifier) ? null : { start, end, text: "" };
    case "code":
      return { start, end, text: withLanguageOnly(source) };
    default:
      return null;
  }
}

function hasTitle({ title }: Link | Definition): boolean {
  return title !== null && title !== undefined;
}

/** Where the text that a link shows is over. */
function endOfText(node: Link | LinkReference, start: number): number {
  return node.children.at(-1)?.position?.end.offset ?? start + 1;
}

/** Of what stands behind a fence only the language is shown, by the colours that it chooses. */
function withLanguageOnly(source: string): string {
  return source.replace(
    /^(`{3,}|~{3,})([^\n]*)/u,
    (_opening, marks: string, info: string) => marks + (/^[ \t]*([\w+#.-]{1,30})/u.exec(info)?.[1] ?? ""),
  );
}

/** Edits inside of an edit are superseded by it. */
function apply(text: string, edits: readonly Edit[]): string {
  let result = "";
  let position = 0;
  for (const { start, end, text: inserted } of edits.toSorted((a, b) => a.start - b.start || b.end - a.end)) {
    if (start < position) continue;
    result += text.slice(position, start) + inserted;
    position = end;
  }
  return result + text.slice(position);
}
