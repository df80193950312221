import type { CheckAnnotation } from "../../hub/entity/check.ts";
import { encodePath } from "../code/code-path.ts";
import { html, type Html } from "../html.ts";
import { renderMarkdown } from "../markdown/render-markdown.ts";
import { checkBadge, type CheckLook } from "../pieces/check-state.ts";
import { icon } from "../pieces/icon.ts";
import { describeDuration, timeAgo } from "../pieces/time-ago.ts";

/** One check run with all it says. */
export interface CheckDetailView {
  fullName: string;
  id: number;
  name: string;
  app: string;
  look: CheckLook;
  sha: string;
  title: string | null;
  summary: string | null;
  text: string | null;
  annotations: readonly CheckAnnotation[];
  /** The App's own page about it, such as the workflow run. */
  detailsHref: string | null;
  /** Whether it is a job of a workflow. */
  isJob: boolean;
  startedAt: string | null;
  completedAt: string | null;
  /** Buttons of the App. */
  actions: readonly { label: string; identifier: string; description: string }[];
  /** Whether the visitor may ask for it again and press its buttons. */
  mayOperate: boolean;
  /** Where forms return to. */
  returnTo: string;
}

export function checkDetail(view: CheckDetailView, nowMs: number): Html {
  return html`<section class="box" aria-label="${view.name}">
    <div class="box-header">
      <h2>${view.name}</h2>
      ${checkBadge(view.look)}
      <span class="hint">by ${view.app}${describeTime(view, nowMs)}</span>
      <span class="push inline-form">${view.mayOperate && !view.isJob && operations(view)}</span>
    </div>
    <div class="box-body stack">
      ${view.title !== null && html`<h3>${view.title}</h3>`} ${markdown(view, "summary", view.summary)}
      ${markdown(view, "text", view.text)} ${view.annotations.length > 0 && annotationSection(view)}
      ${isSilent(view) && html`<p class="muted">This check says no more than its state.</p>`}
      ${view.detailsHref !== null && html`<p><a href="${view.detailsHref}">${icon("reference")} ${view.isJob ? "Steps and logs" : "Details"}</a></p>`}
      <p class="hint">
        For commit <a class="mono" href="/${view.fullName}/commit/${view.sha}">${view.sha.slice(0, 7)}</a>
      </p>
    </div>
  </section>`;
}

function isSilent({ title, summary, annotations }: CheckDetailView): boolean {
  return title === null && summary === null && annotations.length === 0;
}

function describeTime({ startedAt, completedAt }: CheckDetailView, nowMs: number): Html | null {
  if (startedAt === null) return null;
  if (completedAt === null) return html`, started ${timeAgo(startedAt, nowMs)}`;
  return html`, ${timeAgo(completedAt, nowMs)} after
  ${describeDuration(Date.parse(completedAt) - Date.parse(startedAt))}`;
}

function operations(view: CheckDetailView): Html {
  const path = `/${view.fullName}/runs/${view.id}`;
  const returnTo = html`<input type="hidden" name="return_to" value="${view.returnTo}" />`;
  return html`${
    view.actions.length > 0 &&
    html`<form class="inline-form" method="post" action="${path}/action">
      ${returnTo}
      ${view.actions.map(
        ({ label, identifier, description }) =>
          html`<button name="identifier" value="${identifier}" title="${description}">${label}</button>`,
      )}
    </form>`
  }
  ${
    view.completedAt !== null &&
    html`<form method="post" action="${path}/rerequest">
      ${returnTo}
      <button>${icon("rerun")}Re-run</button>
    </form>`
  }`;
}

function markdown(view: CheckDetailView, part: string, source: string | null): Html | null {
  if (source === null || source === "") return null;
  const anchorPrefix = `check-${view.id}-${part}-`;
  return renderMarkdown(source, { repository: view.fullName, keepLineBreaks: false, anchorPrefix });
}

function annotationSection(view: CheckDetailView): Html {
  return html`<div>
    <h3>Annotations</h3>
    <ul>
      ${view.annotations.map((note) => {
        const href = `/${view.fullName}/blob/${view.sha}/${encodePath(note.path)}#L${note.startLine}`;
        return html`<li class="annotation annotation-${note.level}">
          <p>
            <b>${note.title ?? annotationNames[note.level]}</b>
            <a class="file-path" href="${href}">${note.path}:${note.startLine}</a>
          </p>
          <pre>${note.message}</pre>
        </li>`;
      })}
    </ul>
  </div>`;
}

const annotationNames = { notice: "Notice", warning: "Warning", failure: "Failure" } as const;
