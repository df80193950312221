import type { ForgeContext } from "../../forge-context.ts";
import { actorOf } from "../../hub/caller.ts";
import type { Pull } from "../../hub/entity/pull.ts";
import type { Repository } from "../../hub/entity/repository.ts";
import { findAccount, fullName } from "../../hub/find-repository.ts";
import type { Hub } from "../../hub/hub.ts";
import { issueOfPull } from "../../hub/pull/find-pull.ts";
import { removeReviewers, requestReviewers } from "../../hub/pull/request-reviewers.ts";
import { roleOf, type AccessRequest } from "../../hub/repository-access.ts";
import { presentAccountById } from "../present/present-account.ts";
import { presentPull } from "../present/present-pull.ts";
import { readBody, type RequestBody } from "../request-body.ts";
import { actingCaller } from "../require-access.ts";
import { RestRefusal, unsupported } from "../rest-refusal.ts";
import { readPulls, requirePull } from "./require-pull.ts";

const reviewers = "/repos/:owner/:repo/pulls/:number{[0-9]+}/requested_reviewers";

const manageReviewers: AccessRequest = { permission: "pull_requests", access: "write", role: "triage" };

export function registerReviewersResource({ rest, hub }: ForgeContext): void {
  rest.get(reviewers, (c) => {
    const { pull } = requirePull(c, hub, readPulls);
    return c.json({
      users: pull.requestedReviewerIds.map((id) => presentAccountById(hub, id)),
      teams: [],
    });
  });

  rest.post(reviewers, async (c) => {
    const { repository, pull } = requirePull(c, hub, manageReviewers);
    const logins = readLogins(await readBody(c));
    const reviewerIds = logins.map((login) => requireReviewer(hub, { repository, pull, login }));
    const changed = requestReviewers(hub, { pull, actor: actorOf(actingCaller(c)), reviewerIds });
    return c.json(presentPull(hub, changed), 201);
  });

  rest.delete(reviewers, async (c) => {
    const { pull } = requirePull(c, hub, manageReviewers);
    const logins = readLogins(await readBody(c));
    const reviewerIds = logins.flatMap((login) => findAccount(hub, login)?.id ?? []);
    const changed = removeReviewers(hub, { pull, actor: actorOf(actingCaller(c)), reviewerIds });
    return c.json(presentPull(hub, changed));
  });
}

function readLogins(body: RequestBody): string[] {
  if ((body.strings("team_reviewers") ?? []).length > 0) throw unsupported("teams");
  return body.strings("reviewers") ?? [];
}

/** Reviews are asked of those who have a say in the repository, and never of the author. */
function requireReviewer(
  hub: Hub,
  { repository, pull, login }: { repository: Repository; pull: Pull; login: string },
): number {
  const account = findAccount(hub, login);
  if (account !== undefined && account.id === issueOfPull(hub, pull).authorId) {
    throw new RestRefusal(422, "Review cannot be requested from pull request author.");
  }
  if (account?.type !== "User" || !collaborates(hub, repository, account.id)) {
    throw new RestRefusal(
      422,
      `Reviews may only be requested from collaborators. One or more of the users or teams you specified is not a collaborator of the ${fullName(hub, repository)} repository.`,
    );
  }
  return account.id;
}

function collaborates(hub: Hub, repository: Repository, accountId: number): boolean {
  if (roleOf(hub, accountId, repository) === "admin") return true;
  const collaborator = hub.store.collaborators.findOne({ repositoryId: repository.id, userId: accountId });
  const member = hub.store.memberships.findOne({ organizationId: repository.ownerId, userId: accountId });
  return collaborator !== undefined || member !== undefined;
}
