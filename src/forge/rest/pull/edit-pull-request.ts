import type { ForgeRequest } from "../../forge-context.ts";
import { actorOf } from "../../hub/caller.ts";
import type { Pull } from "../../hub/entity/pull.ts";
import type { Repository } from "../../hub/entity/repository.ts";
import type { Actor } from "../../hub/hub-event.ts";
import type { Hub } from "../../hub/hub.ts";
import { closeIssue } from "../../hub/issue/close-issue.ts";
import { editIssue } from "../../hub/issue/edit-issue.ts";
import { changeBase, reopenPull } from "../../hub/pull/change-pull.ts";
import { issueOfPull } from "../../hub/pull/find-pull.ts";
import { requireAuthorOr } from "../issue/require-issue.ts";
import { checkBodyLength, checkTitleLength } from "../issue/text-limits.ts";
import type { RequestBody } from "../request-body.ts";
import { actingCaller } from "../require-access.ts";
import { validationFailed } from "../rest-refusal.ts";

/** Carries out `PATCH /repos/{owner}/{repo}/pulls/{number}`. */
export async function editPullRequest(
  c: ForgeRequest,
  hub: Hub,
  { repository, pull, body }: { repository: Repository; pull: Pull; body: RequestBody },
): Promise<Pull> {
  const issue = issueOfPull(hub, pull);
  requireAuthorOr(c, hub, { repository, authorId: issue.authorId, role: "write" });
  const actor = actorOf(actingCaller(c));
  const title = body.string("title");
  if (title !== undefined) checkTitleLength(title);
  const text = body.isNull("body") ? null : body.string("body");
  checkBodyLength(text ?? null, "PullRequest");
  const base = body.string("base");
  const state = body.oneOf("state", ["open", "closed"]);
  const maintainerCanModify = body.boolean("maintainer_can_modify");

  if (base !== undefined) await retarget(hub, { pull, actor, base });
  editIssue(hub, {
    issue,
    actor,
    ...(title !== undefined && { title }),
    ...(text !== undefined && { body: text }),
  });
  if (maintainerCanModify !== undefined) {
    hub.change(() => hub.store.pulls.update(pull.id, { maintainerCanModify }));
  }
  if (state === "closed") closeIssue(hub, { issue: issueOfPull(hub, pull), actor });
  if (state === "open") await reopen(hub, { pull, actor });
  return hub.store.pulls.require(pull.id);
}

async function retarget(
  hub: Hub,
  { pull, actor, base }: { pull: Pull; actor: Actor; base: string },
): Promise<void> {
  if (issueOfPull(hub, pull).state !== "open") {
    const message = "Cannot change the base branch of a closed pull request.";
    throw validationFailed([{ resource: "PullRequest", field: "base", code: "custom", message }]);
  }
  if ((await changeBase(hub, { pull, actor, base })) === undefined) {
    throw validationFailed([{ resource: "PullRequest", field: "base", code: "invalid" }]);
  }
}

async function reopen(hub: Hub, { pull, actor }: { pull: Pull; actor: Actor }): Promise<void> {
  if (issueOfPull(hub, pull).state === "open") return;
  const outcome = await reopenPull(hub, { pull, actor });
  if (outcome.kind === "reopened") return;
  throw validationFailed([
    { resource: "PullRequest", field: "state", code: "invalid", message: outcome.message },
  ]);
}
