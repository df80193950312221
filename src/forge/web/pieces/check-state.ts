import { html, type Html } from "../html.ts";
import type { CheckConclusion, CheckStatus } from "../../hub/entity/check.ts";
import { icon, type IconName } from "./icon.ts";
import type { Tone } from "./state-badge.ts";

/** How a check, a job, a step or a run stands: an icon, a tone and words that say the same. */
export interface CheckLook {
  icon: IconName;
  tone: Tone;
  text: string;
}

const looks: Record<CheckConclusion, CheckLook> = {
  success: { icon: "check-circle", tone: "good", text: "Successful" },
  failure: { icon: "cross-circle", tone: "bad", text: "Failed" },
  neutral: { icon: "neutral", tone: "quiet", text: "Neutral" },
  cancelled: { icon: "stop", tone: "quiet", text: "Cancelled" },
  skipped: { icon: "skip", tone: "quiet", text: "Skipped" },
  timed_out: { icon: "cross-circle", tone: "bad", text: "Timed out" },
  action_required: { icon: "warning", tone: "wait", text: "Action required" },
  stale: { icon: "clock", tone: "quiet", text: "Stale" },
};

export function checkLook(status: CheckStatus, conclusion: CheckConclusion | null): CheckLook {
  if (status === "completed") return looks[conclusion ?? "neutral"];
  if (status === "in_progress") return { icon: "spinner", tone: "run", text: "In progress" };
  return { icon: "clock", tone: "wait", text: status === "waiting" ? "Waiting" : "Queued" };
}

/** The icon alone, named for assistive technology. */
export function checkMark(look: CheckLook): Html {
  return html`<span class="tone-${look.tone}" title="${look.text}"
    >${icon(look.icon)}<span class="visually-hidden">${look.text}</span></span
  >`;
}

export function checkBadge(look: CheckLook): Html {
  return html`<span class="badge tone-${look.tone}">${icon(look.icon)}${look.text}</span>`;
}
