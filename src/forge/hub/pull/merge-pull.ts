import { writeMerge, writeRebase, writeSquash, type MergeResult } from "../../git/merge-commits.ts";
import { findMergeBase } from "../../git/compare-commits.ts";
import { listCommits } from "../../git/read-commits.ts";
import { NO_OBJECT } from "../../git/read-objects.ts";
import { findWorkflowDifference } from "../../git/workflow-changes.ts";
import { actorOf, type ActingCaller } from "../caller.ts";
import type { Pull } from "../entity/pull.ts";
import type { Repository } from "../entity/repository.ts";
import { gitIdentityOf, webFlowIdentity } from "../git-identity-of.ts";
import type { Hub } from "../hub.ts";
import { judgeRefUpdate } from "../push/judge-ref-update.ts";
import { moveRefs } from "../push/move-refs.ts";
import { mayChangeWorkflows, workflowRefusal } from "../push/workflow-permission.ts";
import { withRepositoryLock } from "../push/repository-lock.ts";
import { findProtection } from "../repository/find-protection.ts";
import { issueOfPull } from "./find-pull.ts";
import { defaultMergeMessage, defaultSquashMessage, joinMessage } from "./merge-message.ts";
import { findMergeObstacles } from "./merge-requirements.ts";

type MergeMethod = "merge" | "squash" | "rebase";

export interface MergeRequest {
  readonly pull: Pull;
  readonly caller: ActingCaller;
  readonly method: MergeMethod;
  /** The head that the caller has looked at; a newer one is not merged. */
  readonly expectedHead?: string;
  readonly title?: string;
  readonly message?: string;
}

export type MergeOutcome =
  | { readonly kind: "merged"; readonly sha: string }
  | {
      readonly kind: "refused";
      /** The caller may not; the head is not the expected one, or is behind; the pull request or a rule forbids it now. */
      readonly cause: "forbidden" | "head unfit" | "not mergeable";
      readonly message: string;
    };

/** Merges an open pull request by one of GitHub's methods, with the events of the push and of the merge. */
export function mergePull(hub: Hub, request: MergeRequest): Promise<MergeOutcome> {
  return withRepositoryLock(hub, request.pull.repositoryId, async () => {
    const pull = hub.store.pulls.require(request.pull.id);
    const repository = hub.store.repositories.require(pull.repositoryId);
    const refusal = await findRefusal(hub, { ...request, pull }, repository);
    if (refusal !== undefined) return refusal;
    const written = await writeResult(hub, { ...request, pull }, repository);
    if (written.kind === "conflict") {
      return refuse(
        request.method === "rebase" ? "This branch can't be rebased" : "Pull Request has merge conflicts",
      );
    }
    const move = {
      updates: [{ ref: `refs/heads/${pull.base.ref}`, before: pull.base.sha, after: written.oid }],
      actor: actorOf(request.caller),
      merge: { pullId: pull.id, commitSha: written.oid },
    };
    if (!(await moveRefs(hub, repository, move))) {
      return refuse("Base branch was modified. Review and try the merge again.");
    }
    await deleteHead(hub, { ...request, pull }, repository);
    return { kind: "merged", sha: written.oid };
  });
}

function refuse(
  message: string,
  cause: "forbidden" | "head unfit" | "not mergeable" = "not mergeable",
): Extract<MergeOutcome, { kind: "refused" }> {
  return { kind: "refused", cause, message };
}

async function findRefusal(hub: Hub, request: MergeRequest, repository: Repository) {
  const { pull, caller, method, expectedHead } = request;
  if (issueOfPull(hub, pull).state !== "open") return refuse("Pull Request is not mergeable");
  if (expectedHead !== undefined && expectedHead !== pull.head.sha) {
    return refuse("Head branch was modified. Review and try the merge again.", "head unfit");
  }
  if (pull.draft) return refuse("Pull Request is still a draft");
  const method405 = methodRefusal(hub, method, { pull, repository });
  if (method405 !== undefined) return refuse(method405);
  if (pull.mergeCommitSha === null) return refuse("Pull Request has merge conflicts");
  const { problems, behind } = await findMergeObstacles(hub, { pull, caller });
  if (problems.length > 0) return refuse(problems.join(" "));
  if (behind) return refuse("Head branch is out of date. Review and try the merge again.", "head unfit");
  const workflow = mayChangeWorkflows(caller) ? undefined : await findOfferedWorkflow(hub, pull);
  return workflow === undefined ? undefined : refuse(workflowRefusal(caller, workflow), "forbidden");
}

/** What the pull request does to workflows; that its own branch has them already is no excuse here. */
async function findOfferedWorkflow(hub: Hub, pull: Pull): Promise<string | undefined> {
  const gitDir = hub.gitDirectory(pull.repositoryId);
  const start = await findMergeBase(gitDir, pull.base.sha, pull.head.sha);
  return start === undefined ? undefined : findWorkflowDifference(gitDir, start, pull.head.sha);
}

function methodRefusal(
  hub: Hub,
  method: MergeMethod,
  { pull, repository }: { pull: Pull; repository: Repository },
): string | undefined {
  switch (method) {
    case "merge": {
      const linear = findProtection(hub, repository.id, pull.base.ref)?.requiredLinearHistory === true;
      if (linear) return "This branch must not contain merge commits.";
      return repository.allowMergeCommit ? undefined : "Merge commits are not allowed on this repository.";
    }
    case "squash":
      return repository.allowSquashMerge ? undefined : "Squash merges are not allowed on this repository.";
    case "rebase":
      return repository.allowRebaseMerge ? undefined : "Rebase merges are not allowed on this repository.";
  }
}

async function writeResult(hub: Hub, request: MergeRequest, repository: Repository): Promise<MergeResult> {
  const { pull, caller, method } = request;
  const gitDir = hub.gitDirectory(repository.id);
  const ends = { base: pull.base.sha, head: pull.head.sha };
  const committer = webFlowIdentity(hub);
  switch (method) {
    case "rebase":
      return writeRebase(gitDir, { ...ends, committer: gitIdentityOf(hub, caller.account) });
    case "merge": {
      const headRepository =
        hub.store.repositories.get(pull.head.repositoryId ?? repository.id) ?? repository;
      const message = chosenMessage(request, defaultMergeMessage(hub, pull, headRepository));
      return writeMerge(gitDir, { ...ends, message, author: gitIdentityOf(hub, caller.account), committer });
    }
    case "squash": {
      const commits = await listCommits(gitDir, {
        from: [ends.head],
        without: [ends.base],
        order: "oldest first",
      });
      const author = gitIdentityOf(hub, hub.store.accounts.require(issueOfPull(hub, pull).authorId));
      const message = chosenMessage(request, defaultSquashMessage(hub, pull, { commits, author }));
      return writeSquash(gitDir, { ...ends, message, author, committer });
    }
  }
}

function chosenMessage({ title, message }: MergeRequest, fallback: { title: string; body: string }): string {
  return joinMessage({ title: title ?? fallback.title, body: message ?? fallback.body });
}

/** Where the repository wants it so, a merged branch of its own goes, unless rules keep it. */
async function deleteHead(hub: Hub, { pull, caller }: MergeRequest, repository: Repository): Promise<void> {
  if (!repository.deleteBranchOnMerge || pull.head.repositoryId !== repository.id) return;
  const update = { ref: `refs/heads/${pull.head.ref}`, before: pull.head.sha, after: NO_OBJECT };
  if ((await judgeRefUpdate(hub, { repository, caller, update })) !== undefined) return;
  await moveRefs(hub, repository, { updates: [update], actor: actorOf(caller), merge: null });
}
