import type { ForgeContext } from "../../forge-context.ts";
import { actorOf } from "../../hub/caller.ts";
import { combinedState, createStatus, currentStatuses } from "../../hub/check/create-status.ts";
import { paginate } from "../paginate.ts";
import { repositoryApiUrl } from "../present/api-url.ts";
import { presentRepository } from "../present/present-repository.ts";
import { presentSimpleStatus, presentStatus } from "../present/present-status.ts";
import { readBody } from "../request-body.ts";
import { actingCaller, requireRepository } from "../require-access.ts";
import { RestRefusal, validationFailed } from "../rest-refusal.ts";
import { requireCommitId } from "./code-access.ts";
import { isFullOid } from "../../git/read-objects.ts";

const readStatuses = { permission: "statuses", access: "read" } as const;
const writeStatuses = { permission: "statuses", access: "write" } as const;

const STATES = ["error", "failure", "pending", "success"] as const;
/** GitHub's limits for one context on one commit, and for a description. */
const MOST_STATUSES = 1000;
const LONGEST_DESCRIPTION = 140;

export function registerStatusesResource({ rest, hub }: ForgeContext): void {
  rest.post("/repos/:owner/:repo/statuses/:sha", async (c) => {
    const repository = requireRepository(c, hub, writeStatuses);
    const body = await readBody(c);
    const sha = c.req.param("sha");
    if (!isFullOid(sha)) throw new RestRefusal(422, `No commit found for SHA: ${sha}`);
    await requireCommitId(hub, repository, sha);
    const state = body.oneOf("state", STATES);
    if (state === undefined)
      throw validationFailed([{ resource: "Status", field: "state", code: "missing_field" }]);
    const context = body.string("context") ?? "default";
    const description = body.string("description") ?? null;
    if (description !== null && description.length > LONGEST_DESCRIPTION) {
      const message = `description is too long (maximum is ${LONGEST_DESCRIPTION} characters)`;
      throw validationFailed([{ resource: "Status", field: "description", code: "custom", message }]);
    }
    if (hub.store.statuses.count({ repositoryId: repository.id, sha, context }) >= MOST_STATUSES) {
      const message = "This SHA and context has reached the maximum number of statuses.";
      throw validationFailed([{ resource: "Status", code: "custom", message }]);
    }
    const targetUrl = body.string("target_url") ?? null;
    const actor = actorOf(actingCaller(c));
    const status = createStatus(hub, { repository, actor, sha, state, context, description, targetUrl });
    c.header("location", `${repositoryApiUrl(hub, repository)}/statuses/${sha}`);
    return c.json(presentStatus(hub, status), 201);
  });

  rest.get("/repos/:owner/:repo/commits/:ref{.+}/statuses", async (c) => {
    const repository = requireRepository(c, hub, readStatuses);
    const sha = await requireCommitId(hub, repository, c.req.param("ref"));
    const statuses = hub.store.statuses.find({ repositoryId: repository.id, sha }, { newestFirst: true });
    return c.json(paginate(c, hub, statuses).map((status) => presentStatus(hub, status)));
  });

  rest.get("/repos/:owner/:repo/commits/:ref{.+}/status", async (c) => {
    const repository = requireRepository(c, hub, readStatuses);
    const sha = await requireCommitId(hub, repository, c.req.param("ref"));
    const statuses = currentStatuses(hub, repository, sha);
    const commitUrl = `${repositoryApiUrl(hub, repository)}/commits/${sha}`;
    return c.json({
      state: combinedState(statuses),
      statuses: paginate(c, hub, statuses).map((status) => presentSimpleStatus(hub, status)),
      sha,
      total_count: statuses.length,
      repository: presentRepository(hub, repository),
      commit_url: commitUrl,
      url: `${commitUrl}/status`,
    });
  });
}
