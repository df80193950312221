import { branchOfRef } from "../../git/ref-name.ts";
import { listCommits } from "../../git/read-commits.ts";
import { NO_OBJECT, readObject } from "../../git/read-objects.ts";
import type { RefUpdate } from "../../git/update-refs.ts";
import { findWorkflowChange } from "../../git/workflow-changes.ts";
import type { ActingCaller } from "../caller.ts";
import { describeUnmet, evaluateRequiredChecks } from "../check/required-checks.ts";
import type { BranchProtection, Repository } from "../entity/repository.ts";
import type { Hub } from "../hub.ts";
import { findProtection } from "../repository/find-protection.ts";
import { roleOf } from "../repository-access.ts";
import { isForced } from "./describe-push.ts";
import { mayChangeWorkflows, workflowRefusal } from "./workflow-permission.ts";

/** Why an update of a reference is not carried out. */
export type RefRefusal =
  /** GitHub's words; git shows them in brackets behind `[remote rejected]`. */
  | { readonly kind: "declined"; readonly reason: string }
  /** The rules of a protected branch that the update breaks, a sentence each. */
  | { readonly kind: "protected"; readonly problems: readonly string[] };

export interface RefRequest {
  readonly repository: Repository;
  readonly caller: ActingCaller;
  readonly update: RefUpdate;
}

/**
 * Whether someone who may write to the repository may also make this update, be it by a push or through the API.
 * The objects must be there already, and the reference unmoved.
 */
export async function judgeRefUpdate(hub: Hub, request: RefRequest): Promise<RefRefusal | undefined> {
  const { repository, caller, update } = request;
  const gitDir = hub.gitDirectory(repository.id);
  const branch = branchOfRef(update.ref);
  if (branch !== undefined && !(await holdsCommit(gitDir, update.after))) {
    return { kind: "declined", reason: "cannot update ref to a non-commit object" };
  }
  if (update.after === NO_OBJECT && branch === repository.defaultBranch) {
    return { kind: "declined", reason: `refusing to delete the current branch: ${update.ref}` };
  }
  const workflow = mayChangeWorkflows(caller) ? undefined : await findWorkflowChange(gitDir, update);
  if (workflow !== undefined) return { kind: "declined", reason: workflowRefusal(caller, workflow) };
  const protection = branch === undefined ? undefined : findProtection(hub, repository.id, branch);
  if (protection === undefined) return undefined;
  const problems = await findProblems(hub, { ...request, protection });
  return problems.length === 0 ? undefined : { kind: "protected", problems };
}

async function holdsCommit(gitDir: string, oid: string): Promise<boolean> {
  return oid === NO_OBJECT || (await readObject(gitDir, oid))?.type === "commit";
}

type ProtectedRequest = RefRequest & { readonly protection: BranchProtection };

/** Every broken rule, in GitHub's words. */
async function findProblems(hub: Hub, request: ProtectedRequest): Promise<string[]> {
  const { repository, protection, update } = request;
  // These two bind administrators as well, whatever the rules say of them.
  if (update.after === NO_OBJECT) return protection.allowDeletions ? [] : ["Cannot delete this branch"];
  const gitDir = hub.gitDirectory(repository.id);
  if (!protection.allowForcePushes && (await isForced(gitDir, update))) {
    return ["Cannot force-push to this branch"];
  }
  if (bypasses(hub, request)) return [];
  if (protection.lockBranch) return ["Cannot change this locked branch"];
  const problems: string[] = [];
  if (isRestricted(request)) {
    problems.push(
      "You're not authorized to push to this branch. Visit https://docs.github.com/articles/about-protected-branches/ for more information.",
    );
  }
  if (protection.requiredReviews !== null) problems.push("Changes must be made through a pull request.");
  const checks = unmetChecks(hub, request);
  if (checks !== undefined) problems.push(checks);
  if (protection.requiredLinearHistory && (await bringsMerges(gitDir, update))) {
    problems.push("This branch must not contain merge commits.");
  }
  return problems;
}

/** Administrators are held to the rules only where the rules say so. Apps are never administrators. */
function bypasses(hub: Hub, { caller, repository, protection }: ProtectedRequest): boolean {
  return (
    !protection.enforceAdmins &&
    caller.kind === "user" &&
    roleOf(hub, caller.account.id, repository) === "admin"
  );
}

function isRestricted({ protection, caller }: ProtectedRequest): boolean {
  if (protection.restrictions === null) return false;
  const { userIds, appIds } = protection.restrictions;
  return caller.kind === "user" ? !userIds.includes(caller.account.id) : !appIds.includes(caller.app.id);
}

function unmetChecks(hub: Hub, { repository, protection, update }: ProtectedRequest): string | undefined {
  const required = protection.requiredStatusChecks;
  if (required === null) return undefined;
  return describeUnmet(
    evaluateRequiredChecks(hub, { repository, sha: update.after, checks: required.checks }),
  );
}

async function bringsMerges(gitDir: string, update: RefUpdate): Promise<boolean> {
  const without = update.before === NO_OBJECT ? [] : [update.before];
  const commits = await listCommits(gitDir, { from: [update.after], without, order: "newest first" });
  return commits.some((commit) => commit.parents.length > 1);
}
