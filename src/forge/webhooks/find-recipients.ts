import type { App, Installation } from "../hub/entity/account.ts";
import { accessIncludes, type PermissionName } from "../hub/entity/permission.ts";
import type { HubEvent, HubEventName } from "../hub/hub-event.ts";
import type { Hub } from "../hub/hub.ts";
import { installationReaches } from "../hub/repository-access.ts";

export interface Recipient {
  app: App;
  installation: Installation | null;
}

/**
 * Any of these, for reading, lets an App subscribe to the event. From "Webhook events and payloads", where each
 * event names the permission it needs.
 */
const neededPermissions: Record<HubEventName, readonly PermissionName[]> = {
  check_run: ["checks"],
  check_suite: ["checks"],
  create: ["contents"],
  delete: ["contents"],
  installation: [],
  installation_repositories: [],
  issue_comment: ["issues", "pull_requests"],
  issues: ["issues"],
  label: ["metadata"],
  ping: [],
  pull_request: ["pull_requests"],
  pull_request_review: ["pull_requests"],
  push: ["contents"],
  repository: ["metadata"],
  status: ["statuses"],
  workflow_dispatch: ["contents"],
  workflow_job: ["actions"],
  workflow_run: ["actions"],
};

/** The Apps that are told of an event, in the order of their installation. */
export function findRecipients(hub: Hub, event: HubEvent): Recipient[] {
  if (event.name === "ping") {
    const app = hub.store.apps.require(event.appId);
    return app.hook.active ? [{ app, installation: null }] : [];
  }
  if (event.name === "installation" || event.name === "installation_repositories") {
    // Apps always hear of their own installations; they cannot opt out.
    return withHook(hub, hub.store.installations.require(event.installationId));
  }
  const repository = hub.store.repositories.require(event.repositoryId);
  return hub.store.installations
    .find({ accountId: repository.ownerId })
    .filter((installation) => installationReaches(installation, repository))
    .filter((installation) => isSubscribed(installation, event) && concerns(hub, installation, event))
    .flatMap((installation) => withHook(hub, installation));
}

function withHook(hub: Hub, installation: Installation): Recipient[] {
  const app = hub.store.apps.require(installation.appId);
  return app.hook.active ? [{ app, installation }] : [];
}

function isSubscribed(installation: Installation, event: HubEvent): boolean {
  if (isOwnCheckRequest(event)) return true;
  if (!installation.events.includes(event.name)) return false;
  return neededPermissions[event.name].some((name) => accessIncludes(installation.permissions[name], "read"));
}

/** Requests about checks go only to the App whose checks they are, subscribed or not. */
function isOwnCheckRequest(event: HubEvent): boolean {
  if (event.name === "check_run")
    return event.action === "rerequested" || event.action === "requested_action";
  return event.name === "check_suite" && event.action !== "completed";
}

function concerns(hub: Hub, installation: Installation, event: HubEvent): boolean {
  if (!isOwnCheckRequest(event)) return true;
  if (event.name === "check_run")
    return hub.store.checkRuns.require(event.checkRunId).appId === installation.appId;
  if (event.name === "check_suite") {
    return hub.store.checkSuites.require(event.checkSuiteId).appId === installation.appId;
  }
  return true;
}
