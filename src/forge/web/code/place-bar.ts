import { html, type Html } from "../html.ts";
import { icon } from "../pieces/icon.ts";
import type { Place } from "./find-place.ts";
import { treeHref } from "./tree-view.ts";

export interface PlaceBarView {
  fullName: string;
  place: Place;
  branches: readonly { name: string }[];
  defaultBranch: string;
}

/** Which branch is shown and where in it, with a way to others. */
export function placeBar({ fullName, place, branches, defaultBranch }: PlaceBarView): Html {
  const steps = place.path === "" ? [] : place.path.split("/");
  return html`<div class="place-bar">
    <details class="menu branch-menu" id="branch-menu">
      <summary class="button">
        ${icon("branch")}${shortReference(place.reference)}<span class="menu-caret">${icon("chevron")}</span>
      </summary>
      <nav class="menu-panel" aria-label="Branches">
        <p class="menu-title">Branches</p>
        ${branches.map(
          ({ name }) =>
            html`<a class="menu-link" href="${treeHref(fullName, name, "")}">
              <span class="mark">${name === place.reference && icon("check")}</span>${name}
              ${name === defaultBranch && html`<span class="tag">default</span>`}
            </a>`,
        )}
      </nav>
    </details>
    ${
      steps.length > 0 &&
      html`<nav class="path-crumbs" aria-label="Path">
        <a href="${treeHref(fullName, place.reference, "")}"><b>${fullName.split("/")[1]}</b></a>
        ${steps.map((step, index) => {
          const path = steps.slice(0, index + 1).join("/");
          const isLast = index === steps.length - 1;
          return html`<span class="muted">/</span>
            ${isLast ? html`<b>${step}</b>` : html`<a href="${treeHref(fullName, place.reference, path)}">${step}</a>`}`;
        })}
      </nav>`
    }
  </div>`;
}

function shortReference(reference: string): string {
  return /^[0-9a-f]{40}$/.test(reference) ? reference.slice(0, 7) : reference;
}
