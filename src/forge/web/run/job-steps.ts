import { html, type Html } from "../html.ts";
import { logView } from "../log/log-view.ts";
import { checkMark } from "../pieces/check-state.ts";
import { icon } from "../pieces/icon.ts";
import { describeDuration } from "../pieces/time-ago.ts";
import { jobDuration } from "./job-duration.ts";
import type { JobView, RunView, StepView } from "./run-view.ts";

/** One job with its steps. The running step and a failed one stand open; others open on demand. */
export function jobSteps(job: JobView, view: RunView): Html {
  const raw = `/${view.fullName}/actions/runs/${view.id}/job/${job.id}/log`;
  const isRunning = !job.isFinished;
  return html`<section class="box" aria-label="${job.name}" ${isRunning && html`data-follow`}>
    <div class="box-header">
      ${checkMark(job.look)}
      <h2>${job.name}</h2>
      <span class="hint">${job.look.text}${jobDuration(job, view.nowMs)}</span>
      <a class="push small" href="${raw}">Raw log</a>
    </div>
    ${
      job.steps.length === 0 &&
      html`<p class="box-body muted">
        ${job.needs.length > 0 && isRunning ? `Waits for ${job.needs.join(", ")}.` : noSteps(job)}
      </p>`
    }
    ${job.steps.map((step) => stepView(step, { raw, nowMs: view.nowMs }))}
  </section>`;
}

function noSteps(job: JobView): string {
  return job.isFinished ? "No step of this job ran." : "Waits for a runner.";
}

function stepView(step: StepView, { raw, nowMs }: { raw: string; nowMs: number }): Html {
  const line = html`${checkMark(step.look)}<span>${step.name}</span>
    <span class="push hint">${stepDuration(step, nowMs)}</span>`;
  if (step.log === null || step.log === "")
    return html`<div class="step-line" id="step-${step.number}">${line}</div>`;
  return html`<details
    class="step"
    id="step-${step.number}"
    ${(step.isRunning || step.isFailed) && html`open`}
  >
    <summary>${icon("chevron")}${line}</summary>
    ${logView({ log: step.log, key: `step-${step.number}`, rawHref: raw })}
  </details>`;
}

function stepDuration(step: StepView, nowMs: number): string {
  if (step.startedAt === null) return "";
  const end = step.completedAt === null ? nowMs : Date.parse(step.completedAt);
  return describeDuration(end - Date.parse(step.startedAt));
}
