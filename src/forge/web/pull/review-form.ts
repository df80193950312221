import { html, type Html } from "../html.ts";
import { icon } from "../pieces/icon.ts";

interface ReviewFormView {
  action: string;
  /** Commit that the visitor looks at, which the review is bound to. */
  headSha: string;
  /** Authors may comment on their own changes and nothing else. */
  isAuthor: boolean;
  draft: string;
  /** What was chosen before a refusal. */
  chosen: string;
}

const verdicts = [
  { event: "COMMENT", name: "Comment", hint: "Say something without a verdict." },
  { event: "APPROVE", name: "Approve", hint: "These changes may be merged." },
  { event: "REQUEST_CHANGES", name: "Request changes", hint: "Something must change before merging." },
] as const;

export function reviewForm(view: ReviewFormView): Html {
  const chosen = view.chosen || (view.isAuthor ? "COMMENT" : "APPROVE");
  return html`<details class="menu review-menu" id="review" ${view.draft !== "" && html`open`}>
    <summary class="button button-primary">${icon("eye")}Review changes</summary>
    <form class="menu-panel box-body" method="post" action="${view.action}">
      <input type="hidden" name="commit_id" value="${view.headSha}" />
      <div class="field">
        <label for="review-text">Your review of ${view.headSha.slice(0, 7)}</label>
        <textarea id="review-text" name="body">${view.draft}</textarea>
      </div>
      <fieldset class="choices field">
        <legend class="visually-hidden">Verdict</legend>
        ${verdicts.map(({ event, name, hint }) => {
          const isClosed = view.isAuthor && event !== "COMMENT";
          return html`<label class="choice">
            <input
              type="radio"
              name="event"
              value="${event}"
              ${event === chosen && html`checked`}
              ${isClosed && html`disabled`}
            />
            <strong>${name}</strong>
            <span class="hint">${isClosed ? "Not for your own changes." : hint}</span>
          </label>`;
        })}
      </fieldset>
      <div class="actions"><button class="button-primary">Submit review</button></div>
    </form>
  </details>`;
}
