import { readJobLog } from "../../actions/engine/job-logs.ts";
import { presentJob } from "../present/present-workflow.ts";
import { notFound } from "../rest-refusal.ts";
import { readActions, requireJob } from "./actions-access.ts";
import type { ActionsContext } from "./register-actions-resources.ts";

const base = "/repos/:owner/:repo/actions/jobs/:job_id";

export function registerJobsResource({ rest, http, hub, engine, downloads }: ActionsContext): void {
  rest.get(base, (c) => c.json(presentJob(hub, requireJob(c, hub, readActions))));

  rest.get(`${base}/logs`, (c) => {
    const job = requireJob(c, hub, readActions);
    // As on GitHub, the log of a running job is for its page alone.
    if (job.status !== "completed" || readJobLog(engine.files, job.id) === null) throw notFound();
    return c.redirect(hub.url + downloads.sign(`/_actions/jobs/${job.id}/log.txt`), 302);
  });

  http.get("/_actions/jobs/:job_id/log.txt", (c) => {
    const log = readJobLog(engine.files, Number(c.req.param("job_id")));
    if (log === null || !downloads.verify(c.req.path, c.req.query())) return c.text("Not Found", 404);
    return c.text(log, 200, { "content-type": "text/plain; charset=utf-8" });
  });
}
