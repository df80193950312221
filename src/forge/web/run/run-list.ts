import { html, type Html } from "../html.ts";
import { checkMark } from "../pieces/check-state.ts";
import { icon } from "../pieces/icon.ts";
import { describeDuration, timeAgo } from "../pieces/time-ago.ts";
import type { RunRow } from "./run-view.ts";

interface RunListView {
  fullName: string;
  workflows: { id: number; name: string; path: string }[];
  /** Workflow that the list is narrowed to. */
  workflowId: number | null;
  rows: RunRow[];
  nowMs: number;
}

export function runList(view: RunListView): Html {
  const path = `/${view.fullName}/actions`;
  const isActive = view.rows.some((row) => !row.isFinished);
  return html`<div class="page-head">
      <div class="titles"><h1>Actions</h1></div>
    </div>
    <div class="check-layout" data-live="${isActive ? "fast" : "slow"}">
      <nav class="box check-nav" aria-label="Workflows">
        <a href="${path}" ${view.workflowId === null && html`aria-current="page"`}
          >${icon("play")}<span>All workflows</span></a
        >
        ${view.workflows.map(
          ({ id, name, path: file }) =>
            html`<a
              href="${path}?workflow=${id}"
              ${view.workflowId === id && html`aria-current="page"`}
              title="${file}"
              >${icon("play")}<span>${name}</span></a
            >`,
        )}
      </nav>
      <section class="box" aria-label="Runs">
        ${
          view.rows.length === 0
            ? noRuns()
            : html`<ul class="rows">
                ${view.rows.map((row) => runRow(row, view))}
              </ul>`
        }
      </section>
    </div>`;
}

function noRuns(): Html {
  return html`<div class="empty">
    ${icon("play")}
    <h2>No runs yet</h2>
    <p>Workflows in <code>.github/workflows</code> run when what they wait for happens.</p>
  </div>`;
}

function runRow(row: RunRow, view: RunListView): Html {
  return html`<li id="run-${row.id}">
    <span class="row-icon">${checkMark(row.look)}</span>
    <div class="row-main">
      <a class="row-title" href="/${view.fullName}/actions/runs/${row.id}">${row.title}</a>
      <p class="small muted">
        ${row.workflow} #${row.number}${row.attempt > 1 && `, attempt ${row.attempt}`} ·
        ${describeEvent(row.event)} by ${row.actor.login}
        ${row.branch !== null && html`· <span class="nowrap">${icon("branch")} ${row.branch}</span>`}
      </p>
    </div>
    <div class="row-side">
      <span>${icon("clock")} ${runDuration(row, view.nowMs)}</span>
      <span>${timeAgo(row.createdAt, view.nowMs)}</span>
    </div>
  </li>`;
}

export function runDuration(row: RunRow, nowMs: number): string {
  const end = row.isFinished ? Date.parse(row.updatedAt) : nowMs;
  return describeDuration(end - Date.parse(row.startedAt));
}

/** `workflow_dispatch` says little to a reader. */
export function describeEvent(event: string): string {
  switch (event) {
    case "workflow_dispatch":
      return "started on request";
    case "pull_request":
      return "for a pull request";
    case "workflow_run":
      return "after another workflow";
    case "push":
      return "pushed";
    default:
      return `on ${event.replaceAll("_", " ")}`;
  }
}
