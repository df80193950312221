import { html, type Html } from "../html.ts";
import { icon } from "../pieces/icon.ts";
import { timeAgo } from "../pieces/time-ago.ts";

export interface RepositoryRow {
  fullName: string;
  description: string | null;
  isPrivate: boolean;
  pushedAt: string;
  openIssues: number;
  openPulls: number;
}

interface HomeView {
  rows: RepositoryRow[];
  nowMs: number;
}

export function homePage({ rows, nowMs }: HomeView): Html {
  return html`<div class="page-head">
      <div class="titles"><h1>Repositories</h1></div>
    </div>
    <div class="columns">
      <section class="box" aria-label="Repositories" data-live="slow">
        ${
          rows.length === 0
            ? noRepository()
            : html`<ul class="rows">
                ${rows.map((row) => repositoryRow(row, nowMs))}
              </ul>`
        }
      </section>
      ${firstSteps(rows[0])}
    </div>`;
}

function noRepository(): Html {
  return html`<div class="empty">
    ${icon("repository")}
    <h2>No repositories yet</h2>
    <p>The program that started this forge creates them.</p>
  </div>`;
}

function repositoryRow(row: RepositoryRow, nowMs: number): Html {
  return html`<li>
    <span class="row-icon muted">${icon("repository")}</span>
    <div class="row-main">
      <div class="row-line">
        <a class="row-title" href="/${row.fullName}">${row.fullName}</a>
        ${row.isPrivate && html`<span class="tag">private</span>`}
      </div>
      ${row.description !== null && html`<p>${row.description}</p>`}
      <p class="small muted">Last push ${timeAgo(row.pushedAt, nowMs)}</p>
    </div>
    <div class="row-side">
      <a class="muted" href="/${row.fullName}/issues">${icon("issue-open")} ${row.openIssues} open</a>
      <a class="muted" href="/${row.fullName}/pulls">${icon("pull")} ${row.openPulls} open</a>
    </div>
  </li>`;
}

function firstSteps(row: RepositoryRow | undefined): Html {
  const issues = row ? `/${row.fullName}/issues` : null;
  const place = (text: string, path: string): Html | string =>
    row ? html`<a href="/${row.fullName}${path}">${text}</a>` : text;
  return html`<aside class="box" aria-label="First steps">
    <div class="box-header"><h2>First steps</h2></div>
    <ol class="first-steps box-body">
      <li>
        <span
          >${issues ? html`<a href="${issues}/new">File an issue</a>` : "File an issue"} that says what should
          change.</span
        >
      </li>
      <li>
        <span
          >Put a label on it. Installed Apps react to labels and comments; ${place("settings", "/settings")}
          list both.</span
        >
      </li>
      <li>
        <span
          >Follow the work: labels and comments on the issue, logs under
          ${place("actions", "/actions")}.</span
        >
      </li>
      <li><span>Review and merge the ${place("pull request", "/pulls")}.</span></li>
    </ol>
  </aside>`;
}
