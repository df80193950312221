import { html, type Html } from "../html.ts";
import { avatar, userLink } from "../pieces/avatar.ts";
import { checkMark } from "../pieces/check-state.ts";
import { icon, type IconName } from "../pieces/icon.ts";
import type { Tone } from "../pieces/state-badge.ts";
import { timeAgo } from "../pieces/time-ago.ts";
import { commentCard, commentText, type CardSurroundings } from "./comment-card.ts";
import { eventLine, labelsLine, timelineLine } from "./event-line.ts";
import { joinLabels } from "./join-labels.ts";
import type { CommitLine, CommitsItem, ReviewItem, TimelineItem } from "./timeline-item.ts";

export function timeline(items: readonly TimelineItem[], around: CardSurroundings): Html {
  return html`<ol class="timeline" aria-label="Timeline">
    ${joinLabels(items).map((item) => renderItem(item, around))}
  </ol>`;
}

function renderItem(item: TimelineItem, around: CardSurroundings): Html {
  switch (item.kind) {
    case "comment":
      return commentCard(item, around);
    case "review":
      return reviewEntry(item, around);
    case "commits":
      return commitsEntry(item, around);
    case "labels":
      return labelsLine(item, around);
    case "event":
      return eventLine(item, around);
  }
}

function commitsEntry(item: CommitsItem, around: CardSurroundings): Html {
  const [first] = item.commits;
  const count = item.commits.length === 1 ? "a commit" : `${item.commits.length} commits`;
  return timelineLine(
    {
      item,
      actor: null,
      mark: "commit",
      text: html`<b>${first?.author ?? "Somebody"}</b> added ${count}`,
      below: html`<ul class="event-commits">
        ${item.commits.map((commit) => commitLine(commit, around.repository))}
      </ul>`,
    },
    around,
  );
}

function commitLine(commit: CommitLine, repository: string): Html {
  const href = `/${repository}/commit/${commit.sha}`;
  return html`<li class="commit-line">
    <a class="title" href="${href}">${commit.title}</a>
    ${commit.checks && checkMark(commit.checks)}
    <a class="mono muted" href="${href}">${commit.sha.slice(0, 7)}</a>
  </li>`;
}

interface ReviewLook {
  mark: IconName;
  tone: Tone;
  text: string;
  card: string;
}

const reviewLooks: Record<ReviewItem["state"], ReviewLook> = {
  APPROVED: { mark: "check", tone: "good", text: "approved these changes", card: "is-approved" },
  CHANGES_REQUESTED: { mark: "cross", tone: "bad", text: "asked for changes", card: "is-refused" },
  COMMENTED: { mark: "eye", tone: "quiet", text: "reviewed", card: "" },
  DISMISSED: { mark: "eye", tone: "quiet", text: "gave a review, which was dismissed,", card: "" },
  PENDING: { mark: "clock", tone: "quiet", text: "started a review", card: "" },
};

function reviewEntry(item: ReviewItem, around: CardSurroundings): Html {
  const look = reviewLooks[item.state];
  const hasText = item.body.trim() !== "";
  return html`<li class="${hasText ? "comment" : "event"}" id="${item.key}">
    <div class="timeline-mark"><span class="event-icon tone-${look.tone}">${icon(look.mark)}</span></div>
    <div class="${hasText ? `comment-card ${look.card}` : ""}">
      <div class="${hasText ? "comment-head" : "event-line"}">
        ${avatar(item.author)}${userLink(item.author)} ${look.text}
        <a class="permalink" href="#${item.key}">${timeAgo(item.at, around.nowMs)}</a>
        ${item.isOutdated && html`<span class="tag">for ${item.commitId.slice(0, 7)}, before later commits</span>`}
      </div>
      ${
        hasText &&
        html`<div class="comment-body">${commentText(item.body, item.key, around.repository)}</div>`
      }
    </div>
  </li>`;
}
