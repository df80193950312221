import type { ForgeContext, ForgeRequest } from "../../forge-context.ts";
import { actorOf, type InstallationCaller, type JobCaller } from "../../hub/caller.ts";
import { createCheckRun, newestRuns, rerequestCheckRun, updateCheckRun } from "../../hub/check/check-run.ts";
import type { CheckRun } from "../../hub/entity/check.ts";
import type { Repository } from "../../hub/entity/repository.ts";
import type { Hub } from "../../hub/hub.ts";
import type { AccessRequest } from "../../hub/repository-access.ts";
import { requireCommitId } from "../code/code-access.ts";
import { paginate } from "../paginate.ts";
import { presentAnnotation, presentCheckRun } from "../present/present-check.ts";
import { readBody } from "../request-body.ts";
import { actingCaller, requireRepository } from "../require-access.ts";
import { invalidRequest, notFound, RestRefusal } from "../rest-refusal.ts";
import { readCheckRunFields } from "./read-check-run.ts";

export const readChecks: AccessRequest = { permission: "checks", access: "read" };
export const writeChecks: AccessRequest = { permission: "checks", access: "write" };

export function registerCheckRunsResource(context: ForgeContext): void {
  registerCheckRunWriting(context);
  registerCheckRunReading(context);
}

function registerCheckRunWriting({ rest, hub }: ForgeContext): void {
  rest.post("/repos/:owner/:repo/check-runs", async (c) => {
    const { repository, caller } = requireChecker(c, hub);
    const body = await readBody(c);
    const name = body.string("name");
    if (name === undefined) throw invalidRequest(`"name" wasn't supplied.`);
    const sha = body.string("head_sha");
    if (sha === undefined) throw invalidRequest(`"head_sha" wasn't supplied.`);
    const headSha = await requireCommitId(hub, repository, sha);
    const fields = readCheckRunFields(body);
    const actor = actorOf(caller);
    const run = createCheckRun(hub, { repository, actor, appId: caller.app.id, headSha, name, fields });
    c.header("location", presentCheckRun(hub, run).url);
    return c.json(presentCheckRun(hub, run), 201);
  });

  rest.patch("/repos/:owner/:repo/check-runs/:id", async (c) => {
    const { repository, caller } = requireChecker(c, hub);
    const run = requireRun(c, hub, repository);
    if (run.appId !== caller.app.id) {
      throw new RestRefusal(
        403,
        `Invalid app_id \`${caller.app.id}\` - check run can only be modified by the GitHub App that created it.`,
      );
    }
    const body = await readBody(c);
    const name = body.string("name");
    const fields = { ...readCheckRunFields(body), ...(name !== undefined && { name }) };
    return c.json(presentCheckRun(hub, updateCheckRun(hub, { run, actor: actorOf(caller), fields })));
  });

  rest.post("/repos/:owner/:repo/check-runs/:id/rerequest", (c) => {
    const run = requireRun(c, hub, requireRepository(c, hub, writeChecks));
    if (run.status !== "completed") {
      throw new RestRefusal(422, "This check run is not rerequestable");
    }
    rerequestCheckRun(hub, { run, actor: actorOf(actingCaller(c)) });
    return c.json({}, 201);
  });
}

function registerCheckRunReading({ rest, hub }: ForgeContext): void {
  rest.get("/repos/:owner/:repo/check-runs/:id", (c) => {
    const repository = requireRepository(c, hub, readChecks);
    return c.json(presentCheckRun(hub, requireRun(c, hub, repository)));
  });

  rest.get("/repos/:owner/:repo/check-runs/:id/annotations", (c) => {
    const run = requireRun(c, hub, requireRepository(c, hub, readChecks));
    const page = paginate(c, hub, run.output.annotations);
    return c.json(page.map((annotation) => presentAnnotation(hub, { run, annotation })));
  });

  rest.get("/repos/:owner/:repo/commits/:ref{.+}/check-runs", async (c) => {
    const repository = requireRepository(c, hub, readChecks);
    const headSha = await requireCommitId(hub, repository, c.req.param("ref"));
    return c.json(listRuns(c, hub, hub.store.checkRuns.find({ repositoryId: repository.id, headSha })));
  });

  rest.get("/repos/:owner/:repo/check-suites/:id/check-runs", (c) => {
    const repository = requireRepository(c, hub, readChecks);
    const suite = hub.store.checkSuites.get(Number(c.req.param("id")));
    if (suite?.repositoryId !== repository.id) throw notFound();
    return c.json(listRuns(c, hub, hub.store.checkRuns.find({ suiteId: suite.id })));
  });
}

/** Check runs are written by Apps alone; a workflow's token is one of the Actions App. */
function requireChecker(
  c: ForgeRequest,
  hub: Hub,
): { repository: Repository; caller: InstallationCaller | JobCaller } {
  const repository = requireRepository(c, hub, writeChecks);
  const caller = actingCaller(c);
  if (caller.kind === "user") throw new RestRefusal(403, "You must authenticate via a GitHub App.");
  return { repository, caller };
}

function requireRun(c: ForgeRequest, hub: Hub, repository: Repository): CheckRun {
  const run = hub.store.checkRuns.get(Number(c.req.param("id")));
  if (run?.repositoryId !== repository.id) throw notFound();
  return run;
}

/** Newest first, and unless `filter=all` only the newest of each name. */
function listRuns(c: ForgeRequest, hub: Hub, runs: readonly CheckRun[]) {
  const name = c.req.query("check_name");
  const status = c.req.query("status");
  const appId = c.req.query("app_id");
  const counted = c.req.query("filter") === "all" ? runs : newestRuns(runs);
  const listed = counted
    .filter((run) => name === undefined || run.name === name)
    .filter((run) => status === undefined || run.status === status)
    .filter((run) => appId === undefined || run.appId === Number(appId))
    .sort((left, right) => right.id - left.id);
  return {
    total_count: listed.length,
    check_runs: paginate(c, hub, listed).map((run) => presentCheckRun(hub, run)),
  };
}
