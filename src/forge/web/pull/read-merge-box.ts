import { readRef } from "../../git/read-refs.ts";
import type { UserCaller } from "../../hub/caller.ts";
import { evaluateRequiredChecks } from "../../hub/check/required-checks.ts";
import type { Pull } from "../../hub/entity/pull.ts";
import type { BranchProtection } from "../../hub/entity/repository.ts";
import { findMergeObstacles } from "../../hub/pull/merge-requirements.ts";
import { standingReviews } from "../../hub/pull/review-pull.ts";
import { findProtection } from "../../hub/repository/find-protection.ts";
import { rollUp } from "../check/read-checks.ts";
import { byUrgency, viewChecks } from "../check/view-checks.ts";
import { mayChange } from "../issue/read-issue.ts";
import { conversationState } from "../issue/view-issue.ts";
import { userOf } from "../timeline/read-timeline.ts";
import { mayDo, type RepositoryVisit } from "../visit/visit.ts";
import type { MergeBoxView, MergeCondition, MergeMethod } from "./pull-view.ts";
import type { FoundPull } from "./read-pull.ts";

const mergeAccess = { permission: "contents", access: "write" } as const;

export async function readMergeBox(visit: RepositoryVisit, found: FoundPull): Promise<MergeBoxView> {
  const { pull, issue } = found;
  return {
    path: `/${visit.fullName}/pull/${pull.number}`,
    state: conversationState(visit.hub, issue),
    headSha: pull.head.sha,
    reviews: readReviews(visit, found),
    checks: readChecks(visit, found),
    conflicts: readConflicts(found),
    blockers: await readBlockers(visit, found),
    methods: readMethods(visit, found),
    mayMerge: mayDo(visit, mergeAccess),
    mayChangeDraft: mayChange(visit, issue),
    deletableBranch: await readDeletableBranch(visit, found),
  };
}

function readReviews(visit: RepositoryVisit, { pull }: FoundPull): MergeCondition {
  const standing = standingReviews(visit.hub, pull);
  const names = (state: string): string[] =>
    standing.filter((review) => review.state === state).map(({ authorId }) => userOf(visit, authorId).login);
  const refusals = names("CHANGES_REQUESTED");
  const approvals = names("APPROVED");
  const needed =
    findProtection(visit.hub, visit.repository.id, pull.base.ref)?.requiredReviews?.approvingCount ?? 0;
  const approved =
    approvals.length === 0 ? "Nobody has approved yet." : `Approved by ${approvals.join(", ")}.`;
  if (refusals.length > 0) {
    const detail = `${refusals.join(", ")} asked for changes. ${approved}`;
    return { icon: "cross-circle", tone: "bad", title: "Changes requested", detail };
  }
  if (approvals.length < needed) {
    const detail = `${approved} ${needed === 1 ? "One approving review is" : `${needed} approving reviews are`} required.`;
    return { icon: "clock", tone: "wait", title: "Review required", detail };
  }
  if (approvals.length > 0)
    return { icon: "check-circle", tone: "good", title: "Approved", detail: approved };
  return { icon: "eye", tone: "quiet", title: "No review", detail: `${approved} None is required.` };
}

function readChecks(visit: RepositoryVisit, { pull }: FoundPull): MergeBoxView["checks"] {
  const protection = findProtection(visit.hub, visit.repository.id, pull.base.ref);
  const required = protection?.requiredStatusChecks?.checks.map(({ context }) => context) ?? [];
  const reported = viewChecks(visit, pull.head.sha);
  const missing = required.filter((name) => !reported.some((line) => line.context === name));
  const lines = [
    ...reported.map((line) => ({ ...line, isRequired: required.includes(line.context) })),
    ...missing.map((name) => ({
      name,
      context: name,
      look: { icon: "clock", tone: "wait", text: "Expected" } as const,
      title: "Nothing has reported it yet",
      href: null,
      startedAt: null,
      completedAt: null,
      isRequired: true,
    })),
  ];
  const overall = rollUp(lines.map(({ look }) => look));
  if (!overall) return null;
  const detail = protection ? describeRequired(visit, pull, protection) : "None of them is required.";
  return {
    icon: overall.icon,
    tone: overall.tone,
    title: overall.text,
    detail,
    lines: lines.sort(byUrgency),
  };
}

/** Which required checks stand in the way, by name. */
function describeRequired(visit: RepositoryVisit, pull: Pull, protection: BranchProtection): string {
  const checks = protection.requiredStatusChecks?.checks ?? [];
  if (checks.length === 0) return "None of them is required.";
  const about = { repository: visit.repository, sha: pull.head.sha, checks };
  const unmet = evaluateRequiredChecks(visit.hub, about).filter(({ state }) => state !== "satisfied");
  if (unmet.length === 0) return "All that are required have passed.";
  return `Required, and not passed yet: ${unmet.map(({ context, state }) => `${context} (${state})`).join(", ")}.`;
}

function readConflicts({ pull, issue }: FoundPull): MergeCondition {
  if (issue.state === "open" && pull.mergeCommitSha === null) {
    const detail = `Merge ${pull.base.ref} into this branch and resolve them there.`;
    return { icon: "warning", tone: "bad", title: "Conflicts with the base branch", detail };
  }
  const detail = `Git can merge it into ${pull.base.ref} by itself.`;
  return { icon: "check-circle", tone: "good", title: "No conflicts", detail };
}

async function readBlockers(visit: RepositoryVisit, { pull, issue }: FoundPull): Promise<string[]> {
  if (issue.state !== "open" || !visit.actor) return [];
  const caller: UserCaller = { kind: "user", account: visit.actor, token: null };
  const { problems, behind } = await findMergeObstacles(visit.hub, { pull, caller });
  return [
    ...(pull.draft ? ["It is still a draft."] : []),
    ...(pull.mergeCommitSha === null ? [`It conflicts with ${pull.base.ref}.`] : []),
    ...problems,
    ...(behind ? [`It is not up to date with ${pull.base.ref}, which the branch's rules demand.`] : []),
  ];
}

function readMethods({ hub, repository }: RepositoryVisit, { pull }: FoundPull): MergeMethod[] {
  const isLinear = findProtection(hub, repository.id, pull.base.ref)?.requiredLinearHistory === true;
  return [
    ...(repository.allowMergeCommit && !isLinear ? (["merge"] as const) : []),
    ...(repository.allowSquashMerge ? (["squash"] as const) : []),
    ...(repository.allowRebaseMerge ? (["rebase"] as const) : []),
  ];
}

async function readDeletableBranch(
  visit: RepositoryVisit,
  { pull, issue }: FoundPull,
): Promise<string | null> {
  if (issue.state === "open" || pull.head.repositoryId !== visit.repository.id) return null;
  if (pull.head.ref === visit.repository.defaultBranch || !mayDo(visit, mergeAccess)) return null;
  const tip = await readRef(visit.gitDir, `refs/heads/${pull.head.ref}`);
  return tip === undefined ? null : pull.head.ref;
}
