import type { ChangedFile } from "../../git/changed-files.ts";
import { commitList, type CommitRow } from "../code/commit-list.ts";
import { changeSummary, diffView } from "../code/diff-view.ts";
import { html, type Html } from "../html.ts";
import { icon } from "../pieces/icon.ts";

export interface CompareView {
  fullName: string;
  branches: readonly { name: string }[];
  base: string;
  head: string;
  /** Null when one of the two does not exist or they share no history. */
  comparison: { headSha: string; commits: readonly CommitRow[]; files: readonly ChangedFile[] } | null;
  /** Null where the visitor may not open a pull request between the two. */
  form: { title: string; body: string } | null;
  nowMs: number;
}

/** What one branch has and another has not, and a form to ask for it by a pull request. */
export function comparePage(view: CompareView): Html {
  return html`<div class="page-head">
      <div class="titles"><h1>Compare</h1></div>
    </div>
    <div class="stack">
      ${branchChoice(view)}
      ${
        view.comparison
          ? comparisonOf(view, view.comparison)
          : html`<div class="box empty">
              ${icon("branch")}
              <h2>Nothing to compare</h2>
              <p>Choose two branches with a common history.</p>
            </div>`
      }
    </div>`;
}

function branchChoice({ fullName, branches, base, head }: CompareView): Html {
  const choice = (name: string, label: string, chosen: string): Html => {
    const names = branches.map((branch) => branch.name);
    const options = names.includes(chosen) ? names : [chosen, ...names];
    return html`<label for="${name}">${label}</label>
      <select id="${name}" name="${name}">
        ${options.map((option) => html`<option ${option === chosen && html`selected`}>${option}</option>`)}
      </select>`;
  };
  return html`<form class="box box-body inline-form compare-form" method="get" action="/${fullName}/compare">
    ${choice("base", "Into", base)} ${choice("head", "from", head)}
    <button>Compare</button>
  </form>`;
}

function comparisonOf(view: CompareView, comparison: NonNullable<CompareView["comparison"]>): Html {
  const { commits, files, headSha } = comparison;
  if (commits.length === 0) {
    return html`<div class="box empty">
      ${icon("check-circle")}
      <h2>Nothing new</h2>
      <p>${view.base} has all that ${view.head} has.</p>
    </div>`;
  }
  return html`${view.form && pullForm(view, view.form)}
    <section class="box" aria-label="Commits">${commitList(commits, view.fullName, view.nowMs)}</section>
    <div>
      <p class="diff-summary muted">${changeSummary(files)}</p>
      ${diffView({ files, fullName: view.fullName, sha: headSha })}
    </div>`;
}

function pullForm(view: CompareView, form: NonNullable<CompareView["form"]>): Html {
  return html`<form class="box box-body" method="post" action="/${view.fullName}/pulls">
    <input type="hidden" name="base" value="${view.base}" />
    <input type="hidden" name="head" value="${view.head}" />
    <div class="field">
      <label for="title">Title</label>
      <input type="text" id="title" name="title" value="${form.title}" required maxlength="256" />
    </div>
    <div class="field">
      <label for="body">Description</label>
      <textarea id="body" name="body">${form.body}</textarea>
    </div>
    <div class="actions">
      <button name="draft" value="yes">Open as a draft</button>
      <button class="button-primary">Open pull request</button>
    </div>
  </form>`;
}
