import { treeHref, describeSize } from "../code/tree-view.ts";
import { html, type Html, type HtmlContent } from "../html.ts";
import { logView } from "../log/log-view.ts";
import { checkBadge, checkMark } from "../pieces/check-state.ts";
import { icon } from "../pieces/icon.ts";
import { timeAgo } from "../pieces/time-ago.ts";
import { userLink } from "../pieces/avatar.ts";
import { jobDuration } from "./job-duration.ts";
import { jobSteps } from "./job-steps.ts";
import { describeEvent, runDuration } from "./run-list.ts";
import type { RunView } from "./run-view.ts";

export function runPage(view: RunView): Html {
  return html`<div data-live="${view.isFinished ? "slow" : "fast"}">
    <div class="page-head">
      <div class="titles">
        <h1>${view.title} <span class="number">#${view.number}</span></h1>
        <div class="state-line">
          ${checkBadge(view.look)}
          <span
            >${view.workflow}, ${describeEvent(view.event)} by ${userLink(view.actor)}
            ${timeAgo(view.createdAt, view.nowMs)}</span
          >
        </div>
      </div>
      ${view.mayOperate && runButtons(view)}
    </div>
    <div class="check-layout">
      ${jobNav(view)}
      <div class="stack">${view.job ? jobSteps(view.job, view) : runSummary(view)}</div>
    </div>
  </div>`;
}

function runButtons(view: RunView): Html {
  const action = (name: string): string => `/${view.fullName}/actions/runs/${view.id}/${name}`;
  if (!view.isFinished) {
    return html`<form method="post" action="${action("cancel")}">
      <button class="button-danger">${icon("stop")}Cancel run</button>
    </form>`;
  }
  const isFailed = view.jobs.some((job) => job.look.tone === "bad");
  return html`<form class="actions" method="post" action="${action("rerun")}">
    ${isFailed && html`<button name="jobs" value="failed">${icon("rerun")}Re-run failed jobs</button>`}
    <button name="jobs" value="all">${icon("rerun")}Re-run all jobs</button>
  </form>`;
}

function jobNav(view: RunView): Html {
  const base = `/${view.fullName}/actions/runs/${view.id}`;
  return html`<nav class="box check-nav" aria-label="Jobs">
    <a href="${base}" ${view.job === null && html`aria-current="page"`}
      >${icon("info")}<span>Summary</span></a
    >
    ${view.jobs.length > 0 && html`<h2>Jobs</h2>`}
    ${view.jobs.map(
      (job) =>
        html`<a
          id="job-link-${job.id}"
          href="${base}/job/${job.id}"
          ${view.job?.id === job.id && html`aria-current="page"`}
        >
          ${checkMark(job.look)}<span>${job.name}</span>
        </a>`,
    )}
  </nav>`;
}

function runSummary(view: RunView): Html {
  return html`${runFacts(view)}
  ${
    view.startupLog !== null &&
    html`<section class="box" aria-label="Why the run could not start">
      <div class="box-header"><h2>Why the run could not start</h2></div>
      ${logView({ log: view.startupLog, key: "startup", rawHref: "" })}
    </section>`
  }
  ${view.jobs.length > 0 && jobGraph(view)} ${view.annotations.length > 0 && annotationList(view)}
  ${view.summaries.map(
    ({ job, content }) =>
      html`<section class="box" aria-label="Summary of ${job}">
        <div class="box-header"><h2>${job}</h2></div>
        <div class="box-body">${content}</div>
      </section>`,
  )}
  ${view.artifacts.length > 0 && artifactList(view)}`;
}

function runFacts(view: RunView): Html {
  const { fullName, branch, sha, pulls, attempt } = view;
  const fact = (name: string, value: HtmlContent): Html =>
    html`<div>
      <dt>${name}</dt>
      <dd>${value}</dd>
    </div>`;
  const commit = html`<a class="mono" href="/${fullName}/commit/${sha}">${sha.slice(0, 7)}</a>`;
  return html`<section class="box" aria-label="Summary">
    <dl class="run-summary">
      ${fact("Status", html`<span class="tone-${view.look.tone}">${view.look.text}</span>`)}
      ${fact("Duration", runDuration(view, view.nowMs))}
      ${branch !== null && fact("Branch", html`<a href="${treeHref(fullName, branch, "")}">${branch}</a>`)}
      ${fact("Commit", commit)}
      ${
        pulls.length > 0 &&
        fact(
          "Pull request",
          pulls.map((number) => html`<a href="/${fullName}/pull/${number}">#${number}</a> `),
        )
      }
      ${attempt > 1 && fact("Attempt", attempt)}
    </dl>
  </section>`;
}

function jobGraph(view: RunView): Html {
  return html`<section class="box" aria-label="Jobs">
    <div class="box-header"><h2>Jobs</h2></div>
    <ol class="job-graph">
      ${view.jobs.map(
        (job) =>
          html`<li id="job-${job.id}">
            ${checkMark(job.look)}
            <a class="check-name" href="/${view.fullName}/actions/runs/${view.id}/job/${job.id}"
              >${job.name}</a
            >
            ${job.needs.length > 0 && html`<span class="hint">after ${job.needs.join(", ")}</span>`}
            <span class="push hint">${job.look.text}${jobDuration(job, view.nowMs)}</span>
          </li>`,
      )}
    </ol>
  </section>`;
}

function annotationList(view: RunView): Html {
  return html`<section class="box" aria-label="Annotations">
    <div class="box-header"><h2>Annotations</h2></div>
    <ul class="box-body stack">
      ${view.annotations.map(
        (note) =>
          html`<li class="annotation annotation-${note.level}">
            <p>
              <b>${note.title ?? note.job}</b>
              <span class="hint">${note.level} · ${note.path}:${note.line}</span>
            </p>
            <pre>${note.message}</pre>
          </li>`,
      )}
    </ul>
  </section>`;
}

function artifactList(view: RunView): Html {
  return html`<section class="box" aria-label="Artifacts">
    <div class="box-header"><h2>Artifacts</h2></div>
    <ul class="rows">
      ${view.artifacts.map(
        ({ id, name, sizeBytes }) =>
          html`<li>
            <span class="row-icon muted">${icon("download")}</span>
            <a
              class="row-main row-title"
              href="/${view.fullName}/actions/runs/${view.id}/artifacts/${id}"
              download
              >${name}</a
            >
            <span class="row-side">${describeSize(sizeBytes)}</span>
          </li>`,
      )}
    </ul>
  </section>`;
}
