import { NO_OBJECT } from "../../git/read-objects.ts";
import type { App } from "../entity/account.ts";
import type { CheckSuite } from "../entity/check.ts";
import { accessIncludes } from "../entity/permission.ts";
import type { Repository } from "../entity/repository.ts";
import type { Actor } from "../hub-event.ts";
import type { Hub } from "../hub.ts";
import { installationReaches } from "../repository-access.ts";

export interface PushedBranch {
  repository: Repository;
  actor: Actor;
  branch: string;
  before: string;
  after: string;
}

/** Opens a check suite on the pushed commit for every App that may write checks, and tells each of its own. */
export function requestCheckSuites(hub: Hub, { repository, actor, ...push }: PushedBranch): void {
  for (const app of appsThatCheck(hub, repository)) {
    if (findCheckSuite(hub, { repository, appId: app.id, headSha: push.after }) !== undefined) continue;
    const suite = ensureCheckSuite(hub, { repository, appId: app.id, headSha: push.after, push });
    hub.emit({
      name: "check_suite",
      action: "requested",
      repositoryId: repository.id,
      actor,
      checkSuiteId: suite.id,
    });
  }
}

export interface SuiteKey {
  repository: Repository;
  appId: number;
  headSha: string;
}

export function findCheckSuite(hub: Hub, { repository, appId, headSha }: SuiteKey): CheckSuite | undefined {
  return hub.store.checkSuites.find(
    { repositoryId: repository.id, headSha },
    { filter: (suite) => suite.appId === appId },
  )[0];
}

/** The one suite of an App on a commit, made when it is not there yet. */
export function ensureCheckSuite(
  hub: Hub,
  { push, ...key }: SuiteKey & { push?: { branch: string; before: string; after: string } },
): CheckSuite {
  return hub.change(() => {
    const existing = findCheckSuite(hub, key);
    if (existing !== undefined) return existing;
    const now = hub.now();
    return hub.store.checkSuites.insert({
      repositoryId: key.repository.id,
      appId: key.appId,
      headBranch: push?.branch ?? null,
      headSha: key.headSha,
      before: push?.before ?? NO_OBJECT,
      after: key.headSha,
      status: "queued",
      conclusion: null,
      createdAt: now,
      updatedAt: now,
    });
  });
}

function appsThatCheck(hub: Hub, repository: Repository): App[] {
  return hub.store.installations
    .find({ accountId: repository.ownerId })
    .filter((installation) => accessIncludes(installation.permissions.checks, "write"))
    .filter((installation) => installationReaches(installation, repository))
    .map((installation) => hub.store.apps.require(installation.appId));
}
