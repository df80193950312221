import type { ForgeContext } from "../forge-context.ts";
import { registerCheckPayloads } from "./check/check-payloads.ts";
import { registerCheckRunsResource } from "./check/check-runs-resource.ts";
import { registerCheckSuitesResource } from "./check/check-suites-resource.ts";
import { registerBranchesResource } from "./code/branches-resource.ts";
import { registerCodePayloads } from "./code/code-payloads.ts";
import { registerCommitsResource } from "./code/commits-resource.ts";
import { registerCompareResource } from "./code/compare-resource.ts";
import { registerForksResource } from "./code/forks-resource.ts";
import { registerGitObjectsResource } from "./code/git-objects-resource.ts";
import { registerGitRefsResource } from "./code/git-refs-resource.ts";
import { registerGitTreesResource } from "./code/git-trees-resource.ts";
import { registerProtectionResource } from "./code/protection-resource.ts";
import { registerStatusesResource } from "./code/statuses-resource.ts";
import { registerMergeResource } from "./pull/merge-resource.ts";
import { registerPullPayloads } from "./pull/pull-payloads.ts";
import { registerPullsResource } from "./pull/pulls-resource.ts";
import { registerReviewersResource } from "./pull/reviewers-resource.ts";
import { registerReviewsResource } from "./pull/reviews-resource.ts";

/** Git data, branches, pull requests, reviews, checks, statuses. */
export function registerCodeResources(context: ForgeContext): void {
  const { hub, payloads } = context;
  registerCodePayloads(hub, payloads);
  registerPullPayloads(hub, payloads);
  registerCheckPayloads(hub, payloads);

  registerGitRefsResource(context);
  registerGitObjectsResource(context);
  registerGitTreesResource(context);
  registerCompareResource(context);
  registerProtectionResource(context);
  registerBranchesResource(context);
  // Branches and tags hold slashes: what lies below a commit's address is registered before the commit itself.
  registerStatusesResource(context);
  registerCheckRunsResource(context);
  registerCheckSuitesResource(context);
  registerCommitsResource(context);
  registerForksResource(context);

  registerPullsResource(context);
  registerMergeResource(context);
  registerReviewsResource(context);
  registerReviewersResource(context);
}
