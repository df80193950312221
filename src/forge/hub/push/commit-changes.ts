import type { GitIdentity } from "../../git/git-identity.ts";
import { NO_OBJECT } from "../../git/read-objects.ts";
import { readRef } from "../../git/read-refs.ts";
import { writeCommit, writeTree, type TreeChange } from "../../git/write-objects.ts";
import { actorOf, type ActingCaller } from "../caller.ts";
import type { Repository } from "../entity/repository.ts";
import { gitIdentityOf, webFlowIdentity } from "../git-identity-of.ts";
import type { Hub } from "../hub.ts";
import { judgeRefUpdate } from "./judge-ref-update.ts";
import { moveRefs } from "./move-refs.ts";
import { withRepositoryLock } from "./repository-lock.ts";
import type { RefOutcome } from "./submit-refs.ts";

export interface BranchCommit {
  readonly repository: Repository;
  readonly caller: ActingCaller;
  /** Without `refs/heads/`. A branch that is not there is created, with this as its first commit. */
  readonly branch: string;
  readonly message: string;
  /**
   * What to change, decided on the commit that the branch holds (`undefined` on a new branch) while nobody can move
   * it. Throwing leaves everything as it was.
   */
  readonly changesOn: (parent: string | undefined) => Promise<readonly TreeChange[]>;
  /** The caller by default. */
  readonly author?: GitIdentity;
  /** The author if one is named, as GitHub does it; itself otherwise. */
  readonly committer?: GitIdentity;
}

export type CommitOutcome =
  { readonly kind: "committed"; readonly sha: string } | Exclude<RefOutcome, { kind: "updated" }>;

/** Commits to a branch through the API or the pages, under the rules that a push of the commit would meet. */
export function commitToBranch(hub: Hub, commit: BranchCommit): Promise<CommitOutcome> {
  const { repository, caller, branch } = commit;
  return withRepositoryLock(hub, repository.id, async () => {
    const gitDir = hub.gitDirectory(repository.id);
    const ref = `refs/heads/${branch}`;
    const parent = await readRef(gitDir, ref);
    const tree = await writeTree(gitDir, parent, await commit.changesOn(parent));
    const author = commit.author ?? gitIdentityOf(hub, caller.account);
    const committer = commit.committer ?? commit.author ?? webFlowIdentity(hub);
    const parents = parent === undefined ? [] : [parent];
    const sha = await writeCommit(gitDir, { tree, parents, author, committer, message: commit.message });
    const update = { ref, before: parent ?? NO_OBJECT, after: sha };
    const refusal = await judgeRefUpdate(hub, { repository, caller, update });
    if (refusal !== undefined) return refusal;
    const move = { updates: [update], actor: actorOf(caller), merge: null };
    return (await moveRefs(hub, repository, move)) ? { kind: "committed", sha } : { kind: "lost race" };
  });
}
