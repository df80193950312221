import type { ChangedFile } from "../../git/changed-files.ts";
import { html, type Html } from "../html.ts";
import { checkMark, type CheckLook } from "../pieces/check-state.ts";
import { icon } from "../pieces/icon.ts";
import { plainText } from "../pieces/plain-text.ts";
import { timeAgo } from "../pieces/time-ago.ts";
import { changeSummary, diffView } from "./diff-view.ts";

interface CommitView {
  fullName: string;
  sha: string;
  title: string;
  /** The message below its first line. */
  body: string;
  author: string;
  at: string;
  parents: readonly string[];
  checks: { name: string; look: CheckLook; href: string | null }[];
  files: readonly ChangedFile[];
  nowMs: number;
}

export function commitPage(view: CommitView): Html {
  return html`<div class="page-head">
      <div class="titles">
        <h1>${view.title}</h1>
        <div class="state-line">
          <span><b>${view.author}</b> committed ${timeAgo(view.at, view.nowMs)}</span>
          <span class="mono">${icon("commit")} ${view.sha}</span>
          <a href="/${view.fullName}/tree/${view.sha}">Browse files</a>
        </div>
      </div>
    </div>
    <div class="stack">
      ${
        (view.body !== "" || view.checks.length > 0) &&
        html`<section class="box box-body stack" aria-label="Details">
          ${view.body !== "" && plainText(view.body, view.fullName)}
          ${
            view.checks.length > 0 &&
            html`<ul class="check-chips">
              ${view.checks.map(
                ({ name, look, href }) =>
                  html`<li>
                    ${checkMark(look)} ${href === null ? name : html`<a href="${href}">${name}</a>`}
                  </li>`,
              )}
            </ul>`
          }
        </section>`
      }
      <p class="small muted">
        ${view.parents.length === 0 ? "No parent: the first commit" : view.parents.length === 1 ? "Parent" : "Parents"}
        ${view.parents.map(
          (parent) =>
            html`<a class="mono" href="/${view.fullName}/commit/${parent}">${parent.slice(0, 7)}</a> `,
        )}
      </p>
      <div>
        <p class="diff-summary muted">${changeSummary(view.files)}</p>
        ${diffView({ files: view.files, fullName: view.fullName, sha: view.sha })}
      </div>
    </div>`;
}
