import { html, type Html } from "../html.ts";
import { labelChip, type LabelView } from "../pieces/label-chip.ts";

interface NewIssueView {
  fullName: string;
  title: string;
  body: string;
  /** Null where the visitor may not label. */
  labels: LabelView[] | null;
  chosen: readonly string[];
}

export function newIssuePage(view: NewIssueView): Html {
  return html`<div class="narrow">
    <div class="page-head">
      <div class="titles"><h1>New issue</h1></div>
    </div>
    <form class="box box-body" method="post" action="/${view.fullName}/issues">
      <div class="field">
        <label for="title">Title</label>
        <input type="text" id="title" name="title" value="${view.title}" required maxlength="256" autofocus />
      </div>
      <div class="field">
        <label for="body">Description</label>
        <textarea
          id="body"
          name="body"
          rows="10"
          placeholder="What should change, and how to tell that it has"
        >
${view.body}</textarea>
        <p class="hint">Markdown works here.</p>
      </div>
      ${view.labels && view.labels.length > 0 && labelChoices(view.labels, view.chosen)}
      <div class="actions">
        <a class="button button-quiet" href="/${view.fullName}/issues">Cancel</a>
        <button class="button-primary">File issue</button>
      </div>
    </form>
  </div>`;
}

function labelChoices(labels: readonly LabelView[], chosen: readonly string[]): Html {
  return html`<fieldset class="field">
    <legend>Labels</legend>
    <div class="labels">
      ${labels.map(
        (label) =>
          html`<label class="label-choice"
            ><input
              type="checkbox"
              name="labels"
              value="${label.name}"
              ${chosen.includes(label.name) && html`checked`}
            />${labelChip(label)}</label
          >`,
      )}
    </div>
  </fieldset>`;
}
