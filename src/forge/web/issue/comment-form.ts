import { html, type Html } from "../html.ts";
import { avatar, type UserView } from "../pieces/avatar.ts";
import { icon } from "../pieces/icon.ts";

export interface CommentFormView {
  action: string;
  actor: UserView;
  /** What was typed before a refusal. */
  draft: string;
  isPull: boolean;
  /** The other state that the visitor may move the conversation to; null where it may not or cannot be. */
  change: "close" | "reopen" | null;
}

export function commentForm(view: CommentFormView): Html {
  return html`<section class="comment-form" aria-label="New comment">
    <div class="timeline-mark">${avatar(view.actor, "large")}</div>
    <form class="comment-card box-body" method="post" action="${view.action}">
      <div class="field">
        <label for="comment-text">Add a comment</label>
        <textarea id="comment-text" name="body" placeholder="Markdown works here, and so do commands of Apps">
${view.draft}</textarea>
      </div>
      <div class="actions">
        <span class="hint hide-narrow">as ${view.actor.login}</span>
        ${view.change && changeButton(view.change, view.isPull)}
        <button class="button-primary" name="then" value="">Comment</button>
      </div>
    </form>
  </section>`;
}

function changeButton(change: "close" | "reopen", isPull: boolean): Html {
  const what = isPull ? "pull request" : "issue";
  if (change === "reopen") {
    return html`<button name="then" value="reopen">${icon("rerun")}Reopen ${what}</button>`;
  }
  return html`<button name="then" value="close">
    ${icon(isPull ? "pull-closed" : "issue-closed")}Close ${what}
  </button>`;
}
