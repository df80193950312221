import type { App, Installation } from "../../hub/entity/account.ts";
import type { Delivery } from "../../hub/entity/delivery.ts";
import { installationReaches, roleOf } from "../../hub/repository-access.ts";
import { userOf } from "../timeline/read-timeline.ts";
import { fieldValue, mayDo, type RepositoryVisit } from "../visit/visit.ts";
import { describeProtection } from "./describe-protection.ts";
import type { AppView, DeliveryRow, SettingsView } from "./settings-page.ts";

const shownDeliveries = 40;

export function readSettings(visit: RepositoryVisit): SettingsView {
  const { hub, repository } = visit;
  const { store } = hub;
  const action = `/${visit.fullName}/settings/labels`;
  const draft = (name: string, fallback = ""): string => fieldValue(visit, { action, name }, fallback);
  return {
    fullName: visit.fullName,
    description: repository.description,
    defaultBranch: repository.defaultBranch,
    isPrivate: repository.private,
    mergeMethods: [
      ...(repository.allowMergeCommit ? ["merge commit"] : []),
      ...(repository.allowSquashMerge ? ["squash"] : []),
      ...(repository.allowRebaseMerge ? ["rebase"] : []),
    ],
    collaborators: readCollaborators(visit),
    labels: store.labels
      .find({ repositoryId: repository.id })
      .sort((one, other) => one.name.localeCompare(other.name)),
    protections: store.branchProtections
      .find({ repositoryId: repository.id })
      .map((protection) => ({ branch: protection.branch, rules: describeProtection(hub, protection) })),
    apps: readApps(visit),
    deliveries: store.deliveries
      .find({ repositoryId: repository.id }, { newestFirst: true, limit: shownDeliveries })
      .map((delivery) => viewDelivery(visit, delivery)),
    mayAdminister: mayAdminister(visit),
    labelDraft: {
      name: draft("name"),
      color: draft("color", "#b4430c"),
      description: draft("description"),
    },
    nowMs: visit.nowMs,
  };
}

export function mayAdminister(visit: RepositoryVisit): boolean {
  return mayDo(visit, { permission: "administration", access: "write", role: "admin" });
}

/** Everybody whom ownership, membership or an invitation gives a role here, with the highest they have. */
function readCollaborators(visit: RepositoryVisit): SettingsView["collaborators"] {
  const { hub, repository } = visit;
  const owner = hub.store.accounts.require(repository.ownerId);
  const members = hub.store.memberships.find({ organizationId: owner.id });
  const invited = hub.store.collaborators.find({ repositoryId: repository.id });
  const sources = new Map<number, string>([
    ...members.map(({ userId, role }) => [userId, describeMembership(owner.login, role)] as const),
    ...invited.map(({ userId }) => [userId, "collaborator"] as const),
    ...(owner.type === "User" ? [[owner.id, "owner"] as const] : []),
  ]);
  return [...sources].map(([userId, source]) => ({
    user: userOf(visit, userId),
    role: roleOf(hub, userId, repository) ?? "none",
    source,
  }));
}

function describeMembership(organization: string, role: "admin" | "member"): string {
  return `${role === "admin" ? "owner" : "member"} of ${organization}`;
}

function readApps(visit: RepositoryVisit): AppView[] {
  const { store } = visit.hub;
  return store.installations
    .find({ accountId: visit.repository.ownerId })
    .filter((installation) => installationReaches(installation, visit.repository))
    .map((installation) => viewApp(visit, store.apps.require(installation.appId), installation));
}

function viewApp(visit: RepositoryVisit, app: App, installation: Installation): AppView {
  return {
    name: app.name,
    bot: userOf(visit, app.botId),
    isSuspended: installation.suspendedAt !== null,
    permissions: Object.entries(installation.permissions).map(
      ([name, access]) => `${access} ${name.replaceAll("_", " ")}`,
    ),
    events: installation.events,
    hookUrl: app.hook.active ? app.hook.url : null,
  };
}

function viewDelivery(visit: RepositoryVisit, delivery: Delivery): DeliveryRow {
  const isOk = delivery.statusCode >= 200 && delivery.statusCode < 300;
  return {
    id: delivery.id,
    app: visit.hub.store.apps.get(delivery.appId)?.name ?? "an App that is gone",
    event: delivery.action === null ? delivery.event : `${delivery.event}.${delivery.action}`,
    guid: delivery.guid,
    isRedelivery: delivery.redelivery,
    state: delivery.state === "waiting" ? "waiting" : isOk ? "ok" : "failed",
    answer: delivery.statusCode === 0 ? delivery.status : String(delivery.statusCode),
    at: delivery.deliveredAt ?? delivery.createdAt,
  };
}
