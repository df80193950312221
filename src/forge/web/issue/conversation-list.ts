import { html, type Html } from "../html.ts";
import type { UserView } from "../pieces/avatar.ts";
import { checkMark, type CheckLook } from "../pieces/check-state.ts";
import { icon } from "../pieces/icon.ts";
import { labelChip, type LabelView } from "../pieces/label-chip.ts";
import { lookOf, type ConversationState } from "../pieces/state-badge.ts";
import { timeAgo } from "../pieces/time-ago.ts";

/** One row of the list of issues or of pull requests. */
export interface ConversationRow {
  number: number;
  title: string;
  state: ConversationState;
  author: UserView;
  createdAt: string;
  labels: LabelView[];
  comments: number;
  checks: CheckLook | null;
}

export interface ConversationList {
  fullName: string;
  isPulls: boolean;
  rows: ConversationRow[];
  /** How many older ones are not among the rows. */
  hidden: number;
  shown: "open" | "closed";
  openCount: number;
  closedCount: number;
  labels: LabelView[];
  /** Name of the label that the list is narrowed to. */
  label: string | null;
  nowMs: number;
}

export function conversationList(list: ConversationList): Html {
  const path = `/${list.fullName}/${list.isPulls ? "pulls" : "issues"}`;
  return html`<div class="page-head">
      <div class="titles"><h1>${list.isPulls ? "Pull requests" : "Issues"}</h1></div>
      ${
        list.isPulls
          ? html`<a class="button button-primary" href="/${list.fullName}/compare"
              >${icon("plus")}New pull request</a
            >`
          : html`<a class="button button-primary" href="${path}/new">${icon("plus")}New issue</a>`
      }
    </div>
    <section class="box" aria-label="${list.isPulls ? "Pull requests" : "Issues"}" data-live="slow">
      <div class="box-header">${stateFilter(list, path)} ${labelFilter(list, path)}</div>
      ${
        list.rows.length === 0
          ? emptyList(list)
          : html`<ul class="rows">
              ${list.rows.map((row) => rowOf(row, list))}
            </ul>`
      }
    </section>
    ${list.hidden > 0 && html`<p class="hint">${list.hidden} older ones are not shown.</p>`}`;
}

function stateFilter(list: ConversationList, path: string): Html {
  const label = list.label === null ? "" : `&label=${encodeURIComponent(list.label)}`;
  const link = (state: "open" | "closed", count: number): Html =>
    html`<a href="${path}?state=${state}${label}" ${list.shown === state && html`aria-current="true"`}>
      ${icon(state === "open" ? lookOf("open", list.isPulls).icon : "check")}${count}
      ${state === "open" ? "open" : "closed"}
    </a>`;
  return html`<nav class="filters" aria-label="State">
    ${link("open", list.openCount)} ${link("closed", list.closedCount)}
  </nav>`;
}

function labelFilter(list: ConversationList, path: string): Html | null {
  if (list.labels.length === 0) return null;
  return html`<form class="push inline-form" method="get" action="${path}">
    <input type="hidden" name="state" value="${list.shown}" />
    <label class="visually-hidden" for="label-filter">Label</label>
    <select id="label-filter" name="label">
      <option value="">All labels</option>
      ${list.labels.map(
        ({ name }) => html`<option ${list.label === name && html`selected`}>${name}</option>`,
      )}
    </select>
    <button>Filter</button>
  </form>`;
}

function rowOf(row: ConversationRow, list: ConversationList): Html {
  const look = lookOf(row.state, list.isPulls);
  const href = `/${list.fullName}/${list.isPulls ? "pull" : "issues"}/${row.number}`;
  return html`<li id="row-${row.number}">
    <span class="row-icon tone-${look.tone}" title="${look.text}"
      >${icon(look.icon)}<span class="visually-hidden">${look.text}</span></span
    >
    <div class="row-main">
      <div class="row-line">
        <a class="row-title" href="${href}">${row.title}</a> ${row.checks && checkMark(row.checks)}
        ${row.labels.map((label) => labelChip(label, `?label=${encodeURIComponent(label.name)}`))}
      </div>
      <div class="small muted">
        #${row.number} opened ${timeAgo(row.createdAt, list.nowMs)} by ${row.author.login}
      </div>
    </div>
    <div class="row-side">
      ${
        row.comments > 0 &&
        html`<span title="Comments"
          >${icon("comment")} ${row.comments}<span class="visually-hidden"> comments</span></span
        >`
      }
    </div>
  </li>`;
}

function emptyList(list: ConversationList): Html {
  const what = list.isPulls ? "pull requests" : "issues";
  if (list.label !== null || list.shown === "closed") {
    return html`<div class="empty">
      ${icon("search")}
      <h2>No ${list.shown} ${what} here</h2>
      <p>Nothing matches this filter.</p>
    </div>`;
  }
  return html`<div class="empty">
    ${icon(list.isPulls ? "pull" : "issue-open")}
    <h2>No open ${what}</h2>
    <p>
      ${
        list.isPulls
          ? "They appear here when somebody, or an App, opens one from a branch."
          : "File one to say what should change."
      }
    </p>
  </div>`;
}
