import { html, type Html } from "../html.ts";
import { icon } from "./icon.ts";

/** One sentence about what the visitor just did. */
export interface Notice {
  kind: "done" | "refused";
  sentence: string;
}

export function notice({ kind, sentence }: Notice): Html {
  return kind === "refused"
    ? html`<p class="notice notice-bad" role="alert">${icon("warning")}<span>${sentence}</span></p>`
    : html`<p class="notice notice-good" role="status">${icon("check-circle")}<span>${sentence}</span></p>`;
}
