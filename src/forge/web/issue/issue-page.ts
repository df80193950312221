import { html, type Html } from "../html.ts";
import { icon } from "../pieces/icon.ts";
import { stateBadge, type ConversationState } from "../pieces/state-badge.ts";
import { timeAgo } from "../pieces/time-ago.ts";
import { userLink, type UserView } from "../pieces/avatar.ts";
import { timeline } from "../timeline/timeline.ts";
import type { TimelineItem } from "../timeline/timeline-item.ts";
import { commentForm, type CommentFormView } from "./comment-form.ts";
import { issueSidebar, type SidebarView } from "./issue-sidebar.ts";

export interface IssueView {
  fullName: string;
  number: number;
  title: string;
  state: ConversationState;
  author: UserView;
  createdAt: string;
  items: TimelineItem[];
  sidebar: SidebarView;
  /** Null where the visitor may not comment. */
  form: CommentFormView | null;
  mayRename: boolean;
  nowMs: number;
}

export function issuePage(view: IssueView): Html {
  const comments = view.items.filter((item) => item.kind === "comment").length - 1;
  return html`<div data-live="slow">
      <div class="page-head">
        <div class="titles">
          ${conversationTitle(view)}
          <div class="state-line">
            ${stateBadge(view.state, false)}
            <span
              >${userLink(view.author)} opened this ${timeAgo(view.createdAt, view.nowMs)} ·
              ${comments === 1 ? "1 comment" : `${comments} comments`}</span
            >
          </div>
        </div>
      </div>
    </div>
    <div class="columns">
      <div>
        ${timeline(view.items, { repository: view.fullName, nowMs: view.nowMs })}
        ${view.form && commentForm(view.form)}
      </div>
      ${issueSidebar(view.sidebar)}
    </div>`;
}

/** The title with its number, and a form to change it that needs no script. */
export function conversationTitle(view: {
  title: string;
  number: number;
  fullName: string;
  mayRename: boolean;
}): Html {
  const heading = html`<h1>${view.title} <span class="number">#${view.number}</span></h1>`;
  if (!view.mayRename) return heading;
  return html`<div class="title-line">
    ${heading}
    <details class="menu rename">
      <summary title="Change the title">
        ${icon("pencil")}<span class="visually-hidden">Change the title</span>
      </summary>
      <form
        class="menu-panel box-body field"
        method="post"
        action="/${view.fullName}/issues/${view.number}/title"
      >
        <label for="title-text">Title</label>
        <input
          type="text"
          id="title-text"
          name="title"
          value="${view.title}"
          required
          maxlength="256"
          data-sync
        />
        <div class="actions"><button class="button-primary">Save</button></div>
      </form>
    </details>
  </div>`;
}
