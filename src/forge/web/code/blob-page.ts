import { html, type Html } from "../html.ts";
import { encodePath } from "./code-path.ts";
import { placeBar, type PlaceBarView } from "./place-bar.ts";
import { blobHref, describeSize } from "./tree-view.ts";

export type BlobContent =
  | { kind: "text"; text: string }
  | { kind: "document"; content: Html }
  | { kind: "picture" }
  | { kind: "opaque"; reason: string };

interface BlobView extends PlaceBarView {
  sizeBytes: number;
  content: BlobContent;
  /** Whether the file can be shown both rendered and as its source. */
  isDocument: boolean;
}

export function blobPage(view: BlobView): Html {
  const { fullName, place } = view;
  const raw = `/${fullName}/raw/${encodePath(place.reference)}/${encodePath(place.path)}`;
  return html`${placeBar(view)}
    <section class="box" aria-label="File">
      <div class="box-header">
        <h1 class="file-path">${place.path}</h1>
        <span class="small muted">${describeSize(view.sizeBytes)}</span>
        <span class="push inline-form">
          ${view.isDocument && documentToggle(view)}
          <a class="button" href="${raw}">Raw</a>
        </span>
      </div>
      ${blobBody(view, raw)}
    </section>`;
}

function documentToggle({ fullName, place, content }: BlobView): Html {
  const href = blobHref(fullName, place.reference, place.path);
  return content.kind === "document"
    ? html`<a class="button" href="${href}?plain=1">Source</a>`
    : html`<a class="button" href="${href}">Rendered</a>`;
}

function blobBody({ content, place }: BlobView, raw: string): Html {
  switch (content.kind) {
    case "document":
      return html`<div class="box-body">${content.content}</div>`;
    case "picture":
      return html`<div class="box-body picture"><img src="${raw}" alt="${place.path}" /></div>`;
    case "opaque":
      return html`<p class="box-body muted">${content.reason}</p>`;
    case "text":
      return codeTable(content.text);
  }
}

function codeTable(text: string): Html {
  const lines = text.replace(/\n$/, "").split("\n");
  return html`<div class="code-scroll" tabindex="0">
    <table class="code-table">
      <caption class="visually-hidden">
        Content
      </caption>
      ${lines.map(
        (line, index) =>
          html`<tr id="L${index + 1}">
            <td class="line-number" data-line="${index + 1}"></td>
            <td>${line}</td>
          </tr>`,
      )}
    </table>
  </div>`;
}
