import { isFullOid } from "../../git/read-objects.ts";
import { resolveCommit } from "../../git/resolve-revision.ts";
import type { Repository } from "../../hub/entity/repository.ts";
import type { Hub } from "../../hub/hub.ts";
import type { RefOutcome } from "../../hub/push/submit-refs.ts";
import type { AccessRequest } from "../../hub/repository-access.ts";
import { RestRefusal } from "../rest-refusal.ts";

export const readCode: AccessRequest = { permission: "contents", access: "read" };

export const writeCode: AccessRequest = { permission: "contents", access: "write" };

/** The commit that a branch, tag or id stands for. */
export async function requireCommitId(hub: Hub, repository: Repository, revision: string): Promise<string> {
  const found = await resolveCommit(hub.gitDirectory(repository.id), revision);
  if (found === undefined) throw new RestRefusal(422, `No commit found for SHA: ${revision}`);
  return found;
}

/** For the endpoints of the Git data API, which take whole object ids only. */
export function checkObjectId(sha: string): void {
  if (isFullOid(sha)) return;
  throw new RestRefusal(422, "The sha parameter must be exactly 40 characters and contain only [0-9a-f].");
}

/** GitHub's answer to an update of a reference that was refused. */
export function refOutcomeRefusal(outcome: Exclude<RefOutcome, { kind: "updated" }>): RestRefusal {
  switch (outcome.kind) {
    case "declined":
      // What a credential may not do is forbidden; what nobody may do is unprocessable.
      return outcome.reason.startsWith("refusing to allow")
        ? new RestRefusal(403, outcome.reason)
        : new RestRefusal(422, outcome.reason);
    case "protected":
      return new RestRefusal(422, outcome.problems.join(" "));
    case "lost race":
      return new RestRefusal(422, "Reference update failed");
  }
}
