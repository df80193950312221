import type { ForgeRequest } from "../../forge-context.ts";
import { actorOf } from "../../hub/caller.ts";
import type { Pull } from "../../hub/entity/pull.ts";
import type { Repository } from "../../hub/entity/repository.ts";
import { findAccount, findRepository } from "../../hub/find-repository.ts";
import type { Hub } from "../../hub/hub.ts";
import { openPull, type OpenOutcome } from "../../hub/pull/open-pull.ts";
import { checkAccess } from "../../hub/repository-access.ts";
import { readCode } from "../code/code-access.ts";
import { checkBodyLength, checkTitleLength } from "../issue/text-limits.ts";
import type { RequestBody } from "../request-body.ts";
import { actingCaller } from "../require-access.ts";
import { RestRefusal, unsupported, validationFailed, type FieldError } from "../rest-refusal.ts";

/** Carries out `POST /repos/{owner}/{repo}/pulls`. */
export async function openPullRequest(
  c: ForgeRequest,
  hub: Hub,
  { repository, body }: { repository: Repository; body: RequestBody },
): Promise<Pull> {
  // A setting of GitHub's that is off by default.
  if (c.get("caller").kind === "job") {
    throw new RestRefusal(403, "GitHub Actions is not permitted to create or approve pull requests.");
  }
  if (body.has("issue")) throw unsupported("turning an issue into a pull request");
  const title = body.requiredString("title", "PullRequest");
  checkTitleLength(title);
  const text = body.string("body") ?? null;
  checkBodyLength(text, "PullRequest");
  const base = body.requiredString("base", "PullRequest");
  const label = body.requiredString("head", "PullRequest");
  const { headRepository, head } = findHead(c, hub, { repository, label, named: body.string("head_repo") });
  const outcome = await openPull(hub, {
    repository,
    actor: actorOf(actingCaller(c)),
    title,
    body: text,
    base,
    head,
    headRepository,
    draft: body.boolean("draft") ?? false,
    maintainerCanModify:
      headRepository.id !== repository.id && (body.boolean("maintainer_can_modify") ?? true),
  });
  if (outcome.kind === "opened") return outcome.pull;
  const owner = hub.store.accounts.require(headRepository.ownerId).login;
  throw outcomeRefusal(outcome, { base, head, label: `${owner}:${head}` });
}

/** The branch that is offered, here or in a repository that was forked from this one or that it was forked from. */
function findHead(
  c: ForgeRequest,
  hub: Hub,
  { repository, label, named }: { repository: Repository; label: string; named: string | undefined },
): { headRepository: Repository; head: string } {
  const colon = label.indexOf(":");
  const head = label.slice(colon + 1);
  const owner = colon < 0 ? undefined : label.slice(0, colon);
  const headRepository = owner === undefined ? repository : headOf(hub, { repository, owner, named });
  const caller = c.get("caller");
  if (
    headRepository === undefined ||
    checkAccess(hub, { caller, repository: headRepository, request: readCode }) !== "granted"
  ) {
    throw invalidField("head");
  }
  return { headRepository, head };
}

function headOf(
  hub: Hub,
  { repository, owner, named }: { repository: Repository; owner: string; named: string | undefined },
): Repository | undefined {
  if (named !== undefined) return findRepository(hub, owner, named);
  const account = findAccount(hub, owner);
  if (account === undefined) return undefined;
  if (account.id === repository.ownerId) return repository;
  return hub.store.repositories
    .find({ ownerId: account.id })
    .find(({ id, parentId }) => parentId === repository.id || id === repository.parentId);
}

function outcomeRefusal(
  outcome: Exclude<OpenOutcome, { kind: "opened" }>,
  { base, head, label }: { base: string; head: string; label: string },
): RestRefusal {
  switch (outcome.kind) {
    case "no branch":
      return invalidField(outcome.end);
    case "exists already":
      return custom(`A pull request already exists for ${label}.`);
    case "no commits":
      return custom(`No commits between ${base} and ${head}`);
    case "no common history":
      return custom(`The ${head} branch has no history in common with ${base}`);
  }
}

function custom(message: string): RestRefusal {
  return validationFailed([{ resource: "PullRequest", code: "custom", message }]);
}

function invalidField(field: "base" | "head"): RestRefusal {
  const error: FieldError = { resource: "PullRequest", field, code: "invalid" };
  return validationFailed([error]);
}
