import type { ForgeContext, ForgeRequest } from "../../forge-context.ts";
import { writeMerge } from "../../git/merge-commits.ts";
import { readCommit } from "../../git/read-commits.ts";
import { isAncestor } from "../../git/read-refs.ts";
import { resolveCommit } from "../../git/resolve-revision.ts";
import { actorOf } from "../../hub/caller.ts";
import type { Repository } from "../../hub/entity/repository.ts";
import { gitIdentityOf, webFlowIdentity } from "../../hub/git-identity-of.ts";
import type { Hub } from "../../hub/hub.ts";
import { mergePull, type MergeOutcome } from "../../hub/pull/merge-pull.ts";
import { readBranch } from "../../hub/pull/open-pull.ts";
import { judgeRefUpdate } from "../../hub/push/judge-ref-update.ts";
import { moveRefs } from "../../hub/push/move-refs.ts";
import { withRepositoryLock } from "../../hub/push/repository-lock.ts";
import { refOutcomeRefusal, writeCode } from "../code/code-access.ts";
import { presentCommit } from "../present/present-commit.ts";
import { readBody, type RequestBody } from "../request-body.ts";
import { actingCaller, requireRepository } from "../require-access.ts";
import { RestRefusal } from "../rest-refusal.ts";
import { readPulls, requirePull } from "./require-pull.ts";

export function registerMergeResource({ rest, hub }: ForgeContext): void {
  rest.get("/repos/:owner/:repo/pulls/:number{[0-9]+}/merge", (c) => {
    const { pull } = requirePull(c, hub, readPulls);
    if (!pull.merged) throw new RestRefusal(404, "Not Found");
    return c.body(null, 204);
  });

  rest.put("/repos/:owner/:repo/pulls/:number{[0-9]+}/merge", async (c) => {
    // Merging writes to the base branch: the permission is that for contents.
    const { pull } = requirePull(c, hub, writeCode);
    const body = await readBody(c);
    const title = body.string("commit_title");
    const message = body.string("commit_message");
    const expectedHead = body.string("sha");
    const outcome = await mergePull(hub, {
      pull,
      caller: actingCaller(c),
      method: body.oneOf("merge_method", ["merge", "squash", "rebase"]) ?? "merge",
      ...(expectedHead !== undefined && { expectedHead }),
      ...(title !== undefined && { title }),
      ...(message !== undefined && { message }),
    });
    if (outcome.kind === "refused") throw mergeRefusal(outcome);
    return c.json({ sha: outcome.sha, merged: true, message: "Pull Request successfully merged" });
  });

  rest.post("/repos/:owner/:repo/merges", async (c) => {
    const repository = requireRepository(c, hub, writeCode);
    const body = await readBody(c);
    const sha = await mergeBranches(c, hub, { repository, body });
    // Nothing to do: the base has the head already.
    if (sha === undefined) return c.body(null, 204);
    const commit = await readCommit(hub.gitDirectory(repository.id), sha);
    if (commit === undefined) throw new Error(`The merge ${sha} vanished`);
    return c.json(presentCommit(hub, repository, commit), 201);
  });
}

function mergeRefusal({ cause, message }: Extract<MergeOutcome, { kind: "refused" }>): RestRefusal {
  switch (cause) {
    case "forbidden":
      return new RestRefusal(403, message);
    case "head unfit":
      return new RestRefusal(409, message);
    case "not mergeable":
      return new RestRefusal(405, message);
  }
}

/** Merges one branch into another without a pull request. @returns the merge, unless there is nothing to merge. */
async function mergeBranches(
  c: ForgeRequest,
  hub: Hub,
  { repository, body }: { repository: Repository; body: RequestBody },
): Promise<string | undefined> {
  const baseName = body.requiredString("base", "Merge");
  const headName = body.requiredString("head", "Merge");
  const caller = actingCaller(c);
  const gitDir = hub.gitDirectory(repository.id);
  return withRepositoryLock(hub, repository.id, async () => {
    const base = await readBranch(hub, repository, baseName);
    if (base === undefined) throw new RestRefusal(404, "Base does not exist");
    const head = await resolveCommit(gitDir, headName);
    if (head === undefined) throw new RestRefusal(404, "Head does not exist");
    if (await isAncestor(gitDir, head, base)) return undefined;
    const merge = await writeMerge(gitDir, {
      base,
      head,
      message: body.string("commit_message") ?? `Merge ${headName} into ${baseName}`,
      author: gitIdentityOf(hub, caller.account),
      committer: webFlowIdentity(hub),
    });
    if (merge.kind === "conflict") throw new RestRefusal(409, "Merge conflict");
    const update = { ref: `refs/heads/${baseName}`, before: base, after: merge.oid };
    const refusal = await judgeRefUpdate(hub, { repository, caller, update });
    if (refusal !== undefined) throw refOutcomeRefusal(refusal);
    const moved = await moveRefs(hub, repository, { updates: [update], actor: actorOf(caller), merge: null });
    if (!moved) throw refOutcomeRefusal({ kind: "lost race" });
    return merge.oid;
  });
}
