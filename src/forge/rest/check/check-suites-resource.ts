import type { ForgeContext, ForgeRequest } from "../../forge-context.ts";
import { actorOf } from "../../hub/caller.ts";
import { rerequestCheckSuite } from "../../hub/check/check-run.ts";
import { ensureCheckSuite, findCheckSuite } from "../../hub/check/check-suite.ts";
import type { CheckSuite } from "../../hub/entity/check.ts";
import type { Hub } from "../../hub/hub.ts";
import { requireCommitId } from "../code/code-access.ts";
import { paginate } from "../paginate.ts";
import { presentCheckSuite } from "../present/present-check.ts";
import { readBody } from "../request-body.ts";
import { actingCaller, requireRepository } from "../require-access.ts";
import { invalidRequest, notFound, RestRefusal } from "../rest-refusal.ts";
import type { AccessRequest } from "../../hub/repository-access.ts";
import { readChecks, writeChecks } from "./check-runs-resource.ts";

export function registerCheckSuitesResource({ rest, hub }: ForgeContext): void {
  rest.post("/repos/:owner/:repo/check-suites", async (c) => {
    const repository = requireRepository(c, hub, writeChecks);
    const caller = actingCaller(c);
    if (caller.kind === "user") throw new RestRefusal(403, "You must authenticate via a GitHub App.");
    const sha = (await readBody(c)).string("head_sha");
    if (sha === undefined) throw invalidRequest(`"head_sha" wasn't supplied.`);
    const headSha = await requireCommitId(hub, repository, sha);
    const key = { repository, appId: caller.app.id, headSha };
    const existed = findCheckSuite(hub, key) !== undefined;
    return c.json(presentCheckSuite(hub, ensureCheckSuite(hub, key)), existed ? 200 : 201);
  });

  rest.get("/repos/:owner/:repo/check-suites/:id", (c) =>
    c.json(presentCheckSuite(hub, requireSuite(c, hub, readChecks))),
  );

  rest.post("/repos/:owner/:repo/check-suites/:id/rerequest", (c) => {
    const suite = requireSuite(c, hub, writeChecks);
    rerequestCheckSuite(hub, { suite, actor: actorOf(actingCaller(c)) });
    return c.json({}, 201);
  });

  rest.get("/repos/:owner/:repo/commits/:ref{.+}/check-suites", async (c) => {
    const repository = requireRepository(c, hub, readChecks);
    const headSha = await requireCommitId(hub, repository, c.req.param("ref"));
    const appId = c.req.query("app_id");
    const name = c.req.query("check_name");
    const suites = hub.store.checkSuites
      .find({ repositoryId: repository.id, headSha })
      .filter((suite) => appId === undefined || suite.appId === Number(appId))
      .filter((suite) => name === undefined || hasRun(hub, suite, name));
    return c.json({
      total_count: suites.length,
      check_suites: paginate(c, hub, suites).map((suite) => presentCheckSuite(hub, suite)),
    });
  });
}

function hasRun(hub: Hub, suite: CheckSuite, name: string): boolean {
  return hub.store.checkRuns.find({ suiteId: suite.id }).some((run) => run.name === name);
}

function requireSuite(c: ForgeRequest, hub: Hub, request: AccessRequest): CheckSuite {
  const repository = requireRepository(c, hub, request);
  const suite = hub.store.checkSuites.get(Number(c.req.param("id")));
  if (suite?.repositoryId !== repository.id) throw notFound();
  return suite;
}
