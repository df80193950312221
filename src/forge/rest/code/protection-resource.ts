import type { ForgeContext } from "../../forge-context.ts";
import type { BranchProtection } from "../../hub/entity/repository.ts";
import { findAccount } from "../../hub/find-repository.ts";
import type { Hub } from "../../hub/hub.ts";
import { findProtection } from "../../hub/repository/find-protection.ts";
import {
  removeBranchProtection,
  setBranchProtection,
  type BranchRules,
} from "../../hub/setup/set-branch-protection.ts";
import { presentProtection } from "../present/present-protection.ts";
import { readBody, type RequestBody } from "../request-body.ts";
import { requireRepository } from "../require-access.ts";
import { invalidRequest, RestRefusal, unsupported, validationFailed } from "../rest-refusal.ts";
import { requireBranch } from "./branches-resource.ts";

const readRules = { permission: "administration", access: "read", role: "admin" } as const;
const writeRules = { permission: "administration", access: "write", role: "admin" } as const;

const address = "/repos/:owner/:repo/branches/:branch{.+}/protection";

export function registerProtectionResource({ rest, hub }: ForgeContext): void {
  rest.get(address, async (c) => {
    const repository = requireRepository(c, hub, readRules);
    await requireBranch(hub, repository, c.req.param("branch"));
    const protection = findProtection(hub, repository.id, c.req.param("branch"));
    if (protection === undefined) throw notProtected();
    return c.json(presentProtection(hub, repository, protection));
  });

  rest.put(address, async (c) => {
    const repository = requireRepository(c, hub, writeRules);
    const branch = c.req.param("branch");
    await requireBranch(hub, repository, branch);
    const rules = readRulesOf(hub, await readBody(c));
    const protection = setBranchProtection(hub, { repository, branch, rules });
    return c.json(presentProtection(hub, repository, protection));
  });

  rest.delete(address, async (c) => {
    const repository = requireRepository(c, hub, writeRules);
    const branch = c.req.param("branch");
    await requireBranch(hub, repository, branch);
    if (!removeBranchProtection(hub, { repository, branch })) throw notProtected();
    return c.body(null, 204);
  });
}

function notProtected(): RestRefusal {
  return new RestRefusal(404, "Branch not protected");
}

function readRulesOf(hub: Hub, body: RequestBody): BranchRules {
  // GitHub wants these four in every request, and takes `null` for "off".
  const required = [
    "required_status_checks",
    "enforce_admins",
    "required_pull_request_reviews",
    "restrictions",
  ];
  const missing = required.find((name) => !body.has(name));
  if (missing !== undefined) throw invalidRequest(`"${missing}" wasn't supplied.`);
  for (const name of ["block_creations", "required_conversation_resolution"]) {
    if (body.boolean(name) === true) throw unsupported(`branch protection with ${name}`);
  }
  return {
    requiredStatusChecks: readChecks(body.object("required_status_checks")),
    requiredReviews: readReviews(body.object("required_pull_request_reviews")),
    enforceAdmins: body.boolean("enforce_admins") ?? false,
    restrictions: readRestrictions(hub, body.object("restrictions")),
    requiredLinearHistory: body.boolean("required_linear_history") ?? false,
    allowForcePushes: body.boolean("allow_force_pushes") ?? false,
    allowDeletions: body.boolean("allow_deletions") ?? false,
    requiredConversationResolution: false,
    lockBranch: body.boolean("lock_branch") ?? false,
  };
}

function readChecks(body: RequestBody | undefined): BranchProtection["requiredStatusChecks"] {
  if (body === undefined) return null;
  const strict = body.boolean("strict") ?? false;
  const named = body.objects("checks")?.map((check) => ({
    context: check.requiredString("context", "ProtectedBranch"),
    appId: anyApp(check.integer("app_id")),
  }));
  const contexts = body.strings("contexts") ?? [];
  return { strict, checks: named ?? contexts.map((context) => ({ context, appId: null })) };
}

/** -1 stands for "any App". */
function anyApp(appId: number | undefined): number | null {
  return appId === undefined || appId === -1 ? null : appId;
}

function readReviews(body: RequestBody | undefined): BranchProtection["requiredReviews"] {
  if (body === undefined) return null;
  for (const name of ["require_code_owner_reviews", "require_last_push_approval"]) {
    if (body.boolean(name) === true) throw unsupported(`branch protection with ${name}`);
  }
  const count = body.integer("required_approving_review_count") ?? 1;
  if (count < 0 || count > 6) throw invalidRequest("No more than 6 approving reviews can be required.");
  return {
    approvingCount: count,
    dismissStale: body.boolean("dismiss_stale_reviews") ?? false,
    requireCodeOwners: false,
    requireLastPushApproval: false,
  };
}

function readRestrictions(hub: Hub, body: RequestBody | undefined): BranchProtection["restrictions"] {
  if (body === undefined) return null;
  if ((body.strings("teams") ?? []).length > 0) throw unsupported("teams");
  return {
    userIds: (body.strings("users") ?? []).map((login) => {
      const account = findAccount(hub, login);
      if (account === undefined) throw invalidActor("users", login);
      return account.id;
    }),
    appIds: (body.strings("apps") ?? []).map((slug) => {
      const app = hub.store.apps.findOne({ slug });
      if (app === undefined) throw invalidActor("apps", slug);
      return app.id;
    }),
  };
}

function invalidActor(field: string, value: string): RestRefusal {
  return validationFailed([{ resource: "ProtectedBranch", field, code: "invalid", value }]);
}
