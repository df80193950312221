import { html, type Html, type HtmlContent } from "../html.ts";
import { splitReferences } from "../markdown/link-references.ts";

/** Text as it was written, with addresses and references of this forge as links. */
export function plainText(text: string, repository: string): Html {
  const parts = text.split(/(https?:\/\/[^\s<>"')\]]*[^\s<>"')\].,;:!?])/);
  return html`<pre class="plain-text">
${parts.map((part, index) => (index % 2 === 1 ? webLink(part) : withReferences(part, repository)))}</pre>`;
}

function webLink(url: string): Html {
  return html`<a href="${url}" rel="nofollow noreferrer">${url}</a>`;
}

function withReferences(text: string, repository: string): HtmlContent {
  return splitReferences(text).map((part) => {
    if (part.kind === "issue") {
      return html`<a href="/${part.repository ?? repository}/issues/${part.number}">${part.text}</a>`;
    }
    if (part.kind === "commit")
      return html`<a href="/${repository}/commit/${part.sha}">${part.sha.slice(0, 7)}</a>`;
    return part.text;
  });
}
