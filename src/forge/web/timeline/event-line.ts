import { html, type Html, type HtmlContent } from "../html.ts";
import { avatar, userLink, type UserView } from "../pieces/avatar.ts";
import { icon, type IconName } from "../pieces/icon.ts";
import { labelChip } from "../pieces/label-chip.ts";
import type { Tone } from "../pieces/state-badge.ts";
import { timeAgo } from "../pieces/time-ago.ts";
import type { CardSurroundings } from "./comment-card.ts";
import type { EventItem, LabelsItem, TimelineItem } from "./timeline-item.ts";

interface EventLook {
  mark: IconName;
  tone?: Tone;
  text: HtmlContent;
}

interface LinePart extends EventLook {
  item: TimelineItem;
  actor: UserView | null;
  below?: HtmlContent;
}

/** One line of the timeline: who, what, when. */
export function timelineLine(
  { item, actor, mark, tone, text, below }: LinePart,
  around: CardSurroundings,
): Html {
  return html`<li class="event" id="${item.key}">
    <div class="timeline-mark"><span class="event-icon tone-${tone ?? "quiet"}">${icon(mark)}</span></div>
    <div class="event-line">
      ${actor && html`${avatar(actor)}${userLink(actor)}`} ${text} ${timeAgo(item.at, around.nowMs)}
    </div>
    ${below}
  </li>`;
}

export function labelsLine(item: LabelsItem, around: CardSurroundings): Html {
  const chips = (labels: LabelsItem["added"]): Html[] => labels.map((label) => labelChip(label));
  const added = item.added.length > 0 && html`<span>added</span> ${chips(item.added)}`;
  const removed = item.removed.length > 0 && html`<span>removed</span> ${chips(item.removed)}`;
  const text = added && removed ? html`${added} <span>and</span> ${removed}` : added || removed;
  return timelineLine({ item, actor: item.actor, mark: "tag", text }, around);
}

export function eventLine(item: EventItem, around: CardSurroundings): Html {
  return timelineLine({ item, actor: item.actor, ...lookOfEvent(item.detail, around.repository) }, around);
}

function lookOfEvent(detail: EventItem["detail"], repository: string): EventLook {
  switch (detail.event) {
    case "closed":
      return {
        mark: detail.stateReason === "not_planned" ? "skip" : "issue-closed",
        tone: "done",
        text: html`closed
        this${detail.stateReason === "not_planned" && " as not planned"}${
          detail.commitId !== null && html` in ${commitLink(repository, detail.commitId)}`
        }`,
      };
    case "reopened":
      return { mark: "issue-open", tone: "good", text: "reopened this" };
    case "renamed":
      return { mark: "pencil", text: html`changed the title <del>${detail.from}</del> <b>${detail.to}</b>` };
    case "assigned":
      return { mark: "person", text: html`assigned ${userLink(detail.assignee)}` };
    case "unassigned":
      return { mark: "person", text: html`unassigned ${userLink(detail.assignee)}` };
    case "cross-referenced": {
      const { fullName, number, title, isPull } = detail.source;
      const place = `/${fullName}/${isPull ? "pull" : "issues"}/${number}`;
      return {
        mark: "reference",
        text: html`mentioned this in <a href="${place}">${title}</a> <span class="number">#${number}</span>`,
      };
    }
    case "referenced":
      return { mark: "commit", text: html`referenced this in ${commitLink(repository, detail.commitId)}` };
    case "merged":
      return {
        mark: "merge",
        tone: "done",
        text: html`merged this as ${commitLink(repository, detail.commitId)}`,
      };
    case "review_requested":
      return { mark: "eye", text: html`asked ${userLink(detail.reviewer)} for a review` };
    case "review_request_removed":
      return { mark: "eye", text: html`no longer asks ${userLink(detail.reviewer)} for a review` };
    case "review_dismissed":
      return { mark: "cross", text: html`dismissed a review: “${detail.message}”` };
    case "ready_for_review":
      return { mark: "eye", tone: "run", text: "marked this as ready for review" };
    case "convert_to_draft":
      return { mark: "pull-draft", text: "made this a draft again" };
    case "head_ref_force_pushed":
      return {
        mark: "branch",
        text: html`force-pushed the branch to ${commitLink(repository, detail.commitId)}`,
      };
    case "head_ref_deleted":
      return { mark: "branch", text: "deleted the branch" };
    case "head_ref_restored":
      return { mark: "branch", text: "restored the branch" };
    case "locked":
      return { mark: "shield", text: "locked the conversation" };
    case "unlocked":
      return { mark: "shield", text: "unlocked the conversation" };
  }
}

function commitLink(repository: string, sha: string): Html {
  return html`<a class="mono" href="/${repository}/commit/${sha}">${sha.slice(0, 7)}</a>`;
}
