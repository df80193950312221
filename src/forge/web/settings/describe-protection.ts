import type { BranchProtection } from "../../hub/entity/repository.ts";
import type { Hub } from "../../hub/hub.ts";

/** The rules of a branch as sentences. */
export function describeProtection(hub: Hub, protection: BranchProtection): string[] {
  return [
    ...describeReviews(protection),
    ...describeChecks(protection),
    ...describePushes(hub, protection),
    protection.enforceAdmins ? "Admins are held to these rules as well." : "Admins may go past these rules.",
  ];
}

function describeReviews({ requiredReviews }: BranchProtection): string[] {
  if (!requiredReviews) return [];
  const { approvingCount: count, dismissStale } = requiredReviews;
  const amount = count === 1 ? "One approving review" : `${count} approving reviews`;
  return [
    count === 0 ? "Changes come by pull request." : `${amount} before merging.`,
    ...(dismissStale ? ["A push dismisses approvals given before it."] : []),
  ];
}

function describeChecks({ requiredStatusChecks }: BranchProtection): string[] {
  if (!requiredStatusChecks) return [];
  const { strict, checks } = requiredStatusChecks;
  const names = checks.map(({ context }) => context).join(", ");
  return [
    ...(checks.length > 0 ? [`These checks must pass: ${names}.`] : []),
    ...(strict ? ["The branch must be up to date with its base before merging."] : []),
  ];
}

function describePushes(hub: Hub, protection: BranchProtection): string[] {
  const rules: string[] = [];
  if (protection.lockBranch) rules.push("The branch is locked: nobody may push.");
  if (protection.restrictions) {
    const { userIds, appIds } = protection.restrictions;
    const names = [
      ...userIds.map((id) => hub.store.accounts.get(id)?.login ?? "a user who is gone"),
      ...appIds.map((id) => hub.store.apps.get(id)?.name ?? "an App that is gone"),
    ];
    rules.push(names.length === 0 ? "Nobody may push." : `Only these may push: ${names.join(", ")}.`);
  }
  if (protection.requiredLinearHistory) rules.push("No merge commits: the history stays linear.");
  if (protection.allowForcePushes) rules.push("Force pushes are allowed.");
  if (protection.allowDeletions) rules.push("The branch may be deleted.");
  return rules;
}
