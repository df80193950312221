import type { Account, App, Installation } from "../entity/account.ts";
import type { Repository } from "../entity/repository.ts";
import { personAsActor } from "../caller.ts";
import type { Hub } from "../hub.ts";
import { installationReaches } from "../repository-access.ts";

export interface NewInstallation {
  app: App;
  account: Account;
  /** All present and future repositories of the account, unless some are named. */
  repositories?: Repository[];
  /** Who pressed the button; the account itself by default. */
  by?: Account;
}

export function installApp(hub: Hub, request: NewInstallation): Installation {
  const { app, account, repositories } = request;
  return hub.change(() => {
    if (hub.store.installations.findOne({ appId: app.id, accountId: account.id }) !== undefined) {
      throw new Error(`${app.slug} is installed on ${account.login} already`);
    }
    const now = hub.now();
    const installation = hub.store.installations.insert({
      appId: app.id,
      accountId: account.id,
      repositorySelection: repositories === undefined ? "all" : "selected",
      repositoryIds: (repositories ?? []).map((repository) => repository.id),
      permissions: app.permissions,
      events: app.events,
      suspendedAt: null,
      suspendedById: null,
      createdAt: now,
      updatedAt: now,
    });
    hub.emit({
      name: "installation",
      action: "created",
      repositoryId: null,
      actor: personAsActor(request.by ?? account),
      installationId: installation.id,
      repositoryIds: repositoriesOf(hub, installation).map((repository) => repository.id),
    });
    return installation;
  });
}

/** What an installation reaches, in the order of creation. */
export function repositoriesOf(hub: Hub, installation: Installation): Repository[] {
  return hub.store.repositories.find(
    { ownerId: installation.accountId },
    { filter: (repository) => installationReaches(installation, repository) },
  );
}

export function findInstallation(hub: Hub, appId: number, repository: Repository): Installation | undefined {
  const installation = hub.store.installations.findOne({ appId, accountId: repository.ownerId });
  if (installation === undefined) return undefined;
  // A suspended installation is still there; it only reaches nothing.
  const selected =
    installation.repositorySelection === "all" || installation.repositoryIds.includes(repository.id);
  return selected ? installation : undefined;
}

export function setInstallationRepositories(
  hub: Hub,
  { installation, repositories, by }: { installation: Installation; repositories: Repository[]; by: Account },
): Installation {
  return hub.change(() => {
    const before = repositoriesOf(hub, installation).map((repository) => repository.id);
    const after = repositories.map((repository) => repository.id);
    const changed = hub.store.installations.update(installation.id, {
      repositorySelection: "selected",
      repositoryIds: after,
      updatedAt: hub.now(),
    });
    const added = after.filter((id) => !before.includes(id));
    const removed = before.filter((id) => !after.includes(id));
    const shared = {
      name: "installation_repositories",
      repositoryId: null,
      actor: personAsActor(by),
      installationId: installation.id,
    } as const;
    if (added.length > 0) hub.emit({ ...shared, action: "added", repositoryIds: added });
    if (removed.length > 0) hub.emit({ ...shared, action: "removed", repositoryIds: removed });
    return changed;
  });
}

export function suspendInstallation(
  hub: Hub,
  { installation, by }: { installation: Installation; by: Account },
): Installation {
  return hub.change(() => {
    const suspended = hub.store.installations.update(installation.id, {
      suspendedAt: hub.now(),
      suspendedById: by.id,
      updatedAt: hub.now(),
    });
    emitInstallation(hub, { installation: suspended, by, action: "suspend" });
    return suspended;
  });
}

export function unsuspendInstallation(
  hub: Hub,
  { installation, by }: { installation: Installation; by: Account },
): Installation {
  return hub.change(() => {
    const resumed = hub.store.installations.update(installation.id, {
      suspendedAt: null,
      suspendedById: null,
      updatedAt: hub.now(),
    });
    emitInstallation(hub, { installation: resumed, by, action: "unsuspend" });
    return resumed;
  });
}

export function uninstallApp(
  hub: Hub,
  { installation, by }: { installation: Installation; by: Account },
): void {
  hub.change(() => {
    emitInstallation(hub, { installation, by, action: "deleted" });
    for (const token of hub.store.tokens.find({ installationId: installation.id })) {
      hub.store.tokens.update(token.id, { revokedAt: hub.now() });
    }
    hub.store.installations.delete(installation.id);
  });
}

function emitInstallation(
  hub: Hub,
  change: { installation: Installation; by: Account; action: "deleted" | "suspend" | "unsuspend" },
): void {
  hub.emit({
    name: "installation",
    action: change.action,
    repositoryId: null,
    actor: personAsActor(change.by),
    installationId: change.installation.id,
    repositoryIds: repositoriesOf(hub, change.installation).map((repository) => repository.id),
  });
}
