import { checkDetail, type CheckDetailView } from "../check/check-detail.ts";
import { html, type Html } from "../html.ts";
import { checkMark, type CheckLook } from "../pieces/check-state.ts";
import { icon } from "../pieces/icon.ts";

/** The checks of one App: a suite, or several of a workflow's. */
export interface CheckGroup {
  app: string;
  runs: { id: number; name: string; look: CheckLook; title: string; href: string }[];
}

export interface ChecksTabView {
  groups: CheckGroup[];
  statuses: { name: string; look: CheckLook; title: string; href: string | null }[];
  selected: CheckDetailView | null;
}

export function checksTab(view: ChecksTabView, nowMs: number): Html {
  if (view.groups.length === 0 && view.statuses.length === 0) {
    return html`<div class="box empty">
      ${icon("check-circle")}
      <h2>No checks yet</h2>
      <p>Apps and workflows report what they found about the newest commit here.</p>
    </div>`;
  }
  return html`<div class="check-layout">
    <nav class="box check-nav" aria-label="Checks">
      ${view.groups.map(
        (group) =>
          html`<h2>${group.app}</h2>
            ${group.runs.map((run) => runLink(run, view.selected?.id === run.id))}`,
      )}
      ${
        view.statuses.length > 0 &&
        html`<h2>Statuses</h2>
          ${view.statuses.map(
            (status) =>
              html`<span class="check-nav-item"
                >${checkMark(status.look)}<span
                  >${status.href === null ? status.name : html`<a href="${status.href}">${status.name}</a>`}</span
                ><span class="hint">${status.title || status.look.text}</span></span
              >`,
          )}`
      }
    </nav>
    <div>${view.selected && checkDetail(view.selected, nowMs)}</div>
  </div>`;
}

function runLink(run: CheckGroup["runs"][number], isSelected: boolean): Html {
  return html`<a id="check-link-${run.id}" href="${run.href}" ${isSelected && html`aria-current="page"`}>
    ${checkMark(run.look)}<span>${run.name}</span><span class="hint">${run.title || run.look.text}</span>
  </a>`;
}
