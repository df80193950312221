import { html, type Html } from "../html.ts";
import { checkMark } from "../pieces/check-state.ts";
import { icon } from "../pieces/icon.ts";
import type { MergeBoxView, MergeCondition, MergeMethod } from "./pull-view.ts";

/** How the conditions for merging stand, what blocks it, and the button. */
export function mergeBox(view: MergeBoxView): Html {
  if (view.state === "merged")
    return endedBox(view, {
      icon: "merge",
      tone: "done",
      title: "Merged",
      detail: "The changes are on the base branch.",
    });
  if (view.state === "closed" || view.state === "not planned") {
    return endedBox(view, {
      icon: "pull-closed",
      tone: "bad",
      title: "Closed without merging",
      detail: "Reopen it to go on.",
    });
  }
  return html`<section class="box merge-box" aria-label="Merging" id="merge-box">
    ${conditionRow(view.reviews, reviewLink(view))} ${view.checks && checksRow(view.checks)}
    ${conditionRow(view.conflicts)} ${view.state === "draft" ? draftRow(view) : null} ${mergeRow(view)}
  </section>`;
}

function conditionRow(condition: MergeCondition, side?: Html): Html {
  return html`<div class="merge-row">
    <span class="tone-${condition.tone}">${icon(condition.icon)}</span>
    <div>
      <h3>${condition.title}</h3>
      <p>${condition.detail}</p>
    </div>
    ${side}
  </div>`;
}

function reviewLink({ path }: MergeBoxView): Html {
  return html`<a class="button button-small" href="${path}/files#review">${icon("eye")}Review</a>`;
}

function checksRow(checks: NonNullable<MergeBoxView["checks"]>): Html {
  const isSettled = checks.tone === "good";
  return html`<details class="merge-checks" id="merge-checks" ${!isSettled && html`open`}>
    <summary class="merge-row">
      <span class="tone-${checks.tone}">${icon(checks.icon)}</span>
      <div>
        <h3>${checks.title}</h3>
        <p>${checks.detail}</p>
      </div>
      ${icon("chevron")}
    </summary>
    <ul class="check-list">
      ${checks.lines.map(
        (line) =>
          html`<li>
            ${checkMark(line.look)}
            ${
              line.href === null
                ? html`<span class="check-name">${line.name}</span>`
                : html`<a class="check-name" href="${line.href}">${line.name}</a>`
            }
            <span class="hint">${line.title || line.look.text}</span>
            ${line.isRequired && html`<span class="tag push">required</span>`}
          </li>`,
      )}
    </ul>
  </details>`;
}

function draftRow(view: MergeBoxView): Html {
  const button =
    view.mayChangeDraft &&
    html`<form method="post" action="${view.path}/ready"><button>Ready for review</button></form>`;
  const condition = {
    icon: "pull-draft",
    tone: "quiet",
    title: "This is a draft",
    detail: "A draft cannot be merged.",
  } as const;
  return conditionRow(condition, html`${button}`);
}

const methodNames: Record<MergeMethod, string> = {
  merge: "Create a merge commit",
  squash: "Squash into one commit",
  rebase: "Rebase the commits",
};

function mergeRow(view: MergeBoxView): Html {
  const isBlocked = view.blockers.length > 0;
  return html`<div class="merge-action ${isBlocked ? "is-blocked" : "is-ready"}">
    ${
      isBlocked
        ? html`<div>
            <h3>${icon("warning")} Merging is blocked</h3>
            <ul class="blockers">
              ${view.blockers.map((sentence) => html`<li>${sentence}</li>`)}
            </ul>
          </div>`
        : html`<h3>${icon("check-circle")} Ready to merge</h3>`
    }
    ${
      view.mayMerge
        ? mergeForm(view, isBlocked)
        : html`<p class="hint">Merging needs write access to this repository.</p>`
    }
  </div>`;
}

function mergeForm(view: MergeBoxView, isBlocked: boolean): Html {
  return html`<form class="inline-form" method="post" action="${view.path}/merge">
    <input type="hidden" name="sha" value="${view.headSha}" />
    <label class="visually-hidden" for="merge-method">How to merge</label>
    <select id="merge-method" name="method" ${isBlocked && html`disabled`}>
      ${view.methods.map((method) => html`<option value="${method}">${methodNames[method]}</option>`)}
    </select>
    <button class="button-primary" ${isBlocked && html`disabled`}>${icon("merge")}Merge pull request</button>
  </form>`;
}

function endedBox(view: MergeBoxView, condition: MergeCondition): Html {
  const deletion =
    view.deletableBranch !== null &&
    html`<form method="post" action="${view.path}/delete-branch">
      <button>${icon("trash")}Delete branch <span class="ref">${view.deletableBranch}</span></button>
    </form>`;
  return html`<section class="box merge-box" aria-label="Merging" id="merge-box">
    ${conditionRow(condition, html`${deletion}`)}
  </section>`;
}
