import { html, type Html } from "../html.ts";
import { avatar, userLink, type UserView } from "../pieces/avatar.ts";
import { icon } from "../pieces/icon.ts";
import { labelChip, type LabelView } from "../pieces/label-chip.ts";

export interface SidebarView {
  /** Page of the issue, without a trailing slash. */
  path: string;
  labels: LabelView[];
  /** Every label of the repository; null where the visitor may not change labels. */
  choices: LabelView[] | null;
  assignees: UserView[];
  /** People and bots who wrote something here. */
  participants: UserView[];
  /** Reviews of a pull request: who, and a sentence on what they said. */
  reviewers: { user: UserView; standing: Html }[] | null;
}

export function issueSidebar(view: SidebarView): Html {
  return html`<aside class="sidebar" aria-label="Details">
    ${view.reviewers && reviewersSection(view.reviewers)}
    <section>
      <div class="side-head">
        <h2>Labels</h2>
        ${view.choices && labelPicker(view.path, view.labels, view.choices)}
      </div>
      ${
        view.labels.length === 0
          ? html`<p class="hint">None yet</p>`
          : html`<div class="labels">${view.labels.map((label) => labelChip(label))}</div>`
      }
    </section>
    ${view.assignees.length > 0 && peopleSection("Assignees", view.assignees)}
    ${peopleSection("Participants", view.participants)}
  </aside>`;
}

/** Every label is one button that puts it on or takes it off at once. */
function labelPicker(path: string, labels: readonly LabelView[], choices: readonly LabelView[]): Html {
  const isOn = ({ name }: LabelView): boolean => labels.some((label) => label.name === name);
  return html`<details class="menu" id="label-picker">
    <summary class="small">${icon("settings")}Edit labels</summary>
    <form class="menu-panel" method="post" action="${path}/labels">
      <p class="menu-title">Add or remove labels</p>
      ${choices.length === 0 && html`<p class="menu-title">This repository has no labels; settings can add some.</p>`}
      ${choices.map(
        (label) =>
          html`<button
            name="${isOn(label) ? "remove" : "add"}"
            value="${label.name}"
            aria-pressed="${isOn(label) ? "true" : "false"}"
          >
            <span class="mark">${isOn(label) && icon("check")}</span>${labelChip(label)}
          </button>`,
      )}
    </form>
  </details>`;
}

function peopleSection(title: string, people: readonly UserView[]): Html {
  return html`<section>
    <h2>${title}</h2>
    <ul class="people">
      ${people.map((person) => html`<li>${avatar(person)}<span>${userLink(person)}</span></li>`)}
    </ul>
  </section>`;
}

function reviewersSection(reviewers: NonNullable<SidebarView["reviewers"]>): Html {
  return html`<section>
    <h2>Reviewers</h2>
    ${reviewers.length === 0 && html`<p class="hint">Nobody has been asked yet</p>`}
    <ul class="people">
      ${reviewers.map(
        ({ user, standing }) =>
          html`<li>${avatar(user)}<span>${userLink(user)}</span><span class="push">${standing}</span></li>`,
      )}
    </ul>
  </section>`;
}
