import type { BranchProtection, Repository } from "../../hub/entity/repository.ts";
import type { Hub } from "../../hub/hub.ts";
import { repositoryApiUrl } from "./api-url.ts";
import { presentAccountById } from "./present-account.ts";
import { presentAppById } from "./present-app.ts";

/** What everyone who sees a branch may know of its rules. */
export function presentBranchProtectionSummary(protection: BranchProtection | undefined) {
  const checks = protection?.requiredStatusChecks?.checks ?? [];
  const enforced = protection?.requiredStatusChecks != null;
  const level = protection?.enforceAdmins === true ? "everyone" : "non_admins";
  return {
    enabled: protection !== undefined,
    required_status_checks: {
      enforcement_level: enforced ? level : "off",
      contexts: checks.map(({ context }) => context),
      checks: checks.map(presentRequiredCheck),
    },
  };
}

/** All rules, for those who administer the repository. */
export function presentProtection(hub: Hub, repository: Repository, protection: BranchProtection) {
  const url = `${repositoryApiUrl(hub, repository)}/branches/${protection.branch}/protection`;
  return {
    url,
    ...presentRequiredChecks(protection, url),
    ...presentRequiredReviews(protection, url),
    ...presentRestrictions(hub, protection, url),
    required_signatures: { url: `${url}/required_signatures`, enabled: false },
    enforce_admins: { url: `${url}/enforce_admins`, enabled: protection.enforceAdmins },
    required_linear_history: { enabled: protection.requiredLinearHistory },
    allow_force_pushes: { enabled: protection.allowForcePushes },
    allow_deletions: { enabled: protection.allowDeletions },
    block_creations: { enabled: false },
    required_conversation_resolution: { enabled: protection.requiredConversationResolution },
    lock_branch: { enabled: protection.lockBranch },
    allow_fork_syncing: { enabled: false },
  };
}

function presentRequiredChecks({ requiredStatusChecks }: BranchProtection, url: string) {
  if (requiredStatusChecks === null) return {};
  const { strict, checks } = requiredStatusChecks;
  return {
    required_status_checks: {
      url: `${url}/required_status_checks`,
      strict,
      contexts: checks.map(({ context }) => context),
      contexts_url: `${url}/required_status_checks/contexts`,
      checks: checks.map(presentRequiredCheck),
    },
  };
}

function presentRequiredReviews({ requiredReviews }: BranchProtection, url: string) {
  if (requiredReviews === null) return {};
  return {
    required_pull_request_reviews: {
      url: `${url}/required_pull_request_reviews`,
      dismiss_stale_reviews: requiredReviews.dismissStale,
      require_code_owner_reviews: requiredReviews.requireCodeOwners,
      required_approving_review_count: requiredReviews.approvingCount,
      require_last_push_approval: requiredReviews.requireLastPushApproval,
    },
  };
}

function presentRestrictions(hub: Hub, { restrictions }: BranchProtection, url: string) {
  if (restrictions === null) return {};
  const base = `${url}/restrictions`;
  return {
    restrictions: {
      url: base,
      users_url: `${base}/users`,
      teams_url: `${base}/teams`,
      apps_url: `${base}/apps`,
      users: restrictions.userIds.map((id) => presentAccountById(hub, id)),
      teams: [],
      apps: restrictions.appIds.map((id) => presentAppById(hub, id)),
    },
  };
}

function presentRequiredCheck({ context, appId }: { context: string; appId: number | null }) {
  return { context, app_id: appId };
}
