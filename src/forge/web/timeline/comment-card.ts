import { html, type Html, type HtmlContent } from "../html.ts";
import { renderMarkdown } from "../markdown/render-markdown.ts";
import { avatar, userLink } from "../pieces/avatar.ts";
import { icon } from "../pieces/icon.ts";
import { timeAgo } from "../pieces/time-ago.ts";
import { reactionBar } from "./reactions.ts";
import type { CommentItem } from "./timeline-item.ts";

export interface CardSurroundings {
  /** `owner/name`, for references in texts. */
  repository: string;
  nowMs: number;
}

/** A comment, or the text that opened the conversation. */
export function commentCard(item: CommentItem, around: CardSurroundings): Html {
  return html`<li class="comment" id="${item.key}-row">
    <div class="timeline-mark">${avatar(item.author, "large")}</div>
    <article class="comment-card" id="${item.key}">
      <header class="comment-head">
        ${userLink(item.author)}
        <span
          >${item.key === "opening" ? "opened this" : "commented"}
          <a class="permalink" href="#${item.key}">${timeAgo(item.at, around.nowMs)}</a></span
        >
        ${item.isEdited && html`<span class="tag">edited</span>`}
        <span class="push">${item.standing !== null && html`<span class="tag">${item.standing}</span>`}</span>
      </header>
      <div class="comment-body">${commentText(item.body, item.key, around.repository)}</div>
      <footer class="comment-foot">${reactionBar(item.reactions, item.reactAction)} ${editForm(item)}</footer>
    </article>
  </li>`;
}

/** The text of a comment; one of nothing but hidden markers says so rather than showing an empty card. */
export function commentText(body: string, key: string, repository: string): HtmlContent {
  if (body.trim() === "") return html`<p class="muted"><em>No description provided.</em></p>`;
  return renderMarkdown(body, { repository, keepLineBreaks: true, anchorPrefix: `${key}-` });
}

function editForm(item: CommentItem): Html | null {
  if (item.editAction === null) return null;
  const field = `${item.key}-text`;
  return html`<details class="edit">
    <summary>${icon("pencil")} Edit</summary>
    <form class="field" method="post" action="${item.editAction}">
      <label class="visually-hidden" for="${field}">Text</label>
      <textarea id="${field}" name="body" data-sync>${item.body}</textarea>
      <div class="actions"><button class="button-primary">Save</button></div>
    </form>
  </details>`;
}
