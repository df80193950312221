import { personAsActor } from "../../hub/caller.ts";
import { requestCheckAction } from "../../hub/check/check-run.ts";
import { localPath } from "../visit/local-path.ts";
import { html } from "../html.ts";
import { repositoryFrame } from "../visit/repository-frame.ts";
import { mayDo, type RepositoryVisit } from "../visit/visit.ts";
import type { FormFields, FormOutcome, WebSite } from "../visit/web-site.ts";
import { checkDetail } from "./check-detail.ts";
import { findCheckRun, readCheckDetail } from "./read-check-detail.ts";

export function registerCheckPages(site: WebSite): void {
  site.repositoryPage("/runs/:check{[0-9]+}", (visit) => {
    const run = findCheckRun(visit);
    if (!run) return null;
    // A job of a workflow has a page with its log, which says more.
    const job = visit.hub.store.workflowJobs.get(run.id);
    if (job) return visit.request.redirect(`/${visit.fullName}/actions/runs/${job.runId}/job/${job.id}`);
    const view = readCheckDetail(visit, run, `/${visit.fullName}/runs/${run.id}`);
    return {
      title: run.name,
      content: html`<div class="page-head">
          <div class="titles"><h1>Check</h1></div>
        </div>
        <div data-live="slow">${checkDetail(view, visit.nowMs)}</div>`,
      repository: repositoryFrame(visit, "code"),
    };
  });

  site.repositoryForm("/runs/:check{[0-9]+}/rerequest", async (visit, fields) => {
    const run = findCheckRun(visit);
    if (!run) return null;
    const location = localPath(fields.text("return_to"));
    const path = `/repos/${visit.fullName}/check-runs/${run.id}/rerequest`;
    const answer = await site.call(visit, { method: "POST", path });
    if (!answer.ok) return { location, refused: answer.sentence };
    return { location, done: `${run.name} was asked to run again.` };
  });

  site.repositoryForm("/runs/:check{[0-9]+}/action", async (visit, fields) => pressButton(visit, fields));
}

/** The API has no way to press an App's button: on GitHub, too, only the pages can. */
function pressButton(visit: RepositoryVisit, fields: FormFields): FormOutcome | null {
  const run = findCheckRun(visit);
  const action = run?.actions.find(({ identifier }) => identifier === fields.text("identifier"));
  if (!run || !action) return null;
  const location = localPath(fields.text("return_to"));
  if (!visit.actor || !mayDo(visit, { permission: "checks", access: "write" })) {
    return { location, refused: "Only people who may write to the repository can press this button." };
  }
  requestCheckAction(visit.hub, { run, actor: personAsActor(visit.actor), identifier: action.identifier });
  return { location, done: `“${action.label}” was sent to the App.` };
}
