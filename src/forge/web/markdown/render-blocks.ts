import type { Heading, List, ListItem, RootContent, Table } from "mdast";
import { html, type Html, type HtmlContent } from "../html.ts";
import { plainText, renderInline } from "./render-inline.ts";
import type { MarkdownContext } from "./render-markdown.ts";
import { splitHtml } from "./split-html.ts";

/** Renders a run of sibling blocks, pairing `<details>` with its end among them. */
export function renderBlocks(nodes: readonly RootContent[], context: MarkdownContext): Html {
  const open: OpenDetails[] = [{ isExpanded: false, summary: null, content: [] }];
  for (const node of nodes) {
    if (node.type !== "html") {
      open.at(-1)?.content.push(renderBlock(node, context));
      continue;
    }
    for (const part of splitHtml(node.value)) {
      const innermost = open.at(-1);
      if (!innermost) continue;
      if (part.kind === "open") open.push({ isExpanded: part.isExpanded, summary: null, content: [] });
      else if (part.kind === "close") closeInnermost(open);
      else if (part.kind === "summary" && open.length > 1) innermost.summary = part.text;
      else if (part.kind !== "break") innermost.content.push(html`<p>${part.text.trim()}</p>`);
    }
  }
  while (open.length > 1) closeInnermost(open);
  return html`${open[0]?.content}`;
}

interface OpenDetails {
  isExpanded: boolean;
  summary: string | null;
  content: HtmlContent[];
}

/** Ends the innermost `<details>`; an end that nothing opened is left out. */
function closeInnermost(open: OpenDetails[]): void {
  if (open.length === 1) return;
  const details = open.pop();
  if (!details) return;
  open.at(-1)?.content.push(
    html`<details ${details.isExpanded && html`open`}>
      <summary>${details.summary ?? "Details"}</summary>
      ${details.content}
    </details>`,
  );
}

function renderBlock(node: RootContent, context: MarkdownContext): HtmlContent {
  switch (node.type) {
    case "paragraph":
      return html`<p>${renderInline(node.children, context)}</p>`;
    case "heading":
      return renderHeading(node, context);
    case "blockquote":
      return html`<blockquote>${renderBlocks(node.children, context)}</blockquote>`;
    case "list":
      return renderList(node, context);
    case "code":
      return renderCode(node.value, node.lang ?? "");
    case "thematicBreak":
      return html`<hr />`;
    case "table":
      return renderTable(node, context);
    case "footnoteDefinition":
      return html`<div class="footnote" id="${context.anchorPrefix}note-${node.identifier}">
        <span class="footnote-mark">${node.label ?? node.identifier}</span> ${renderBlocks(
          node.children,
          context,
        )}
      </div>`;
    case "definition":
    case "yaml":
      return null;
    // Inline content that stands between blocks, as in a tight list.
    case "text":
    case "emphasis":
    case "strong":
    case "delete":
    case "inlineCode":
    case "break":
    case "link":
    case "linkReference":
    case "image":
    case "imageReference":
    case "footnoteReference":
    case "html":
      return renderInline([node], context);
    // These occur in their lists and tables only, which render them.
    case "listItem":
    case "tableRow":
    case "tableCell":
      return null;
  }
}

function renderHeading(node: Heading, context: MarkdownContext): Html {
  const content = renderInline(node.children, context);
  const anchor = context.anchorPrefix + headingAnchor(plainText(node));
  // A document's own headings start below the page's one h1.
  const depth: number = node.depth;
  switch (depth) {
    case 1:
      return html`<h2 class="h1" id="${anchor}">${content}</h2>`;
    case 2:
      return html`<h3 class="h2" id="${anchor}">${content}</h3>`;
    case 3:
      return html`<h4 class="h3" id="${anchor}">${content}</h4>`;
    default:
      return html`<h5 class="h4" id="${anchor}">${content}</h5>`;
  }
}

/** GitHub's anchors: lower case, spaces to hyphens, punctuation dropped. */
function headingAnchor(text: string): string {
  return text
    .trim()
    .toLowerCase()
    .replace(/[^\p{L}\p{N}\p{M}\s_-]/gu, "")
    .replace(/\s/g, "-");
}

function renderList(list: List, context: MarkdownContext): Html {
  const items = list.children.map((item) => renderListItem(item, list.spread === true, context));
  if (list.ordered !== true)
    return html`<ul>
      ${items}
    </ul>`;
  return html`<ol start="${list.start ?? 1}">
    ${items}
  </ol>`;
}

function renderListItem(item: ListItem, isLoose: boolean, context: MarkdownContext): Html {
  const content = item.children.map((child) =>
    child.type === "paragraph" && !isLoose
      ? html`${renderInline(child.children, context)} `
      : renderBlocks([child], context),
  );
  if (item.checked == null) return html`<li>${content}</li>`;
  const state = item.checked ? html`checked aria-label="done"` : html`aria-label="not done"`;
  return html`<li class="task"><input type="checkbox" disabled ${state} /> ${content}</li>`;
}

function renderCode(code: string, language: string): Html {
  if (language !== "diff") return html`<pre tabindex="0"><code>${code}</code></pre>`;
  const lines = code.split("\n").map((line) => {
    if (line.startsWith("+")) return html`<ins>${line}</ins> `;
    if (line.startsWith("-")) return html`<del>${line}</del> `;
    return `${line}\n`;
  });
  return html`<pre class="diff-code" tabindex="0"><code>${lines}</code></pre>`;
}

function renderTable(table: Table, context: MarkdownContext): Html {
  const [head, ...rows] = table.children;
  const align = (column: number): string => `align-${table.align?.[column] ?? "left"}`;
  const headCells = head?.children.map(
    (cell, column) =>
      html`<th scope="col" class="${align(column)}">${renderInline(cell.children, context)}</th>`,
  );
  const bodyRows = rows.map(
    (row) =>
      html`<tr>
        ${row.children.map(
          (cell, column) => html`<td class="${align(column)}">${renderInline(cell.children, context)}</td>`,
        )}
      </tr>`,
  );
  return html`<div class="table-scroll" tabindex="0">
    <table>
      <thead>
        <tr>
          ${headCells}
        </tr>
      </thead>
      <tbody>
        ${bodyRows}
      </tbody>
    </table>
  </div>`;
}
