import { html, type Html } from "../html.ts";

export interface LabelView {
  name: string;
  /** Six hexadecimal digits without `#`, as GitHub stores colours. */
  color: string;
  description?: string | null;
}

/**
 * A label. A name such as `state:blocked` is shown in two parts, so that a family of labels reads as one; its
 * text stays the name. The stylesheet derives a readable foreground and background from the one colour.
 */
export function labelChip(label: LabelView, href?: string): Html {
  const body = labelName(label.name);
  const title = label.description ?? "";
  const style = `--label: ${labelColor(label.color)}`;
  return href === undefined
    ? html`<span class="label" style="${style}" title="${title}">${body}</span>`
    : html`<a class="label" style="${style}" title="${title}" href="${href}">${body}</a>`;
}

function labelName(name: string): Html {
  const colon = name.indexOf(":");
  if (colon <= 0 || colon === name.length - 1) return html`<span class="label-value">${name}</span>`;
  const scope = name.slice(0, colon);
  const value = name.slice(colon + 1);
  return html`<span class="label-scope">${scope}<span class="colon">:</span></span
    ><span class="label-value">${value}</span>`;
}

/** Colours go into a style attribute, so anything but six hexadecimal digits becomes grey. */
function labelColor(color: string): string {
  return /^[0-9a-f]{6}$/i.test(color) ? `#${color}` : "#808080";
}
