import type { Account, App } from "../entity/account.ts";
import type { Hub } from "../hub.ts";
import { createBot } from "./create-account.ts";

const actionsSlug = "github-actions";

/**
 * The App that workflow jobs act as. Its checks, comments and pushes are told from others by its id, so it exists
 * before anything else.
 */
export function ensureActionsApp(hub: Hub): App {
  return (
    hub.store.apps.findOne({ slug: actionsSlug }) ?? hub.change(() => insertActionsApp(hub, ensureOwner(hub)))
  );
}

/** `github`, which owns the built-in App, and `web-flow`, which commits what is done in the pages or the API. */
export function ensureWebFlow(hub: Hub): Account {
  return (
    hub.store.accounts.findOne({ login: "web-flow" }) ??
    hub.change(() =>
      hub.store.accounts.insert({
        login: "web-flow",
        type: "User",
        name: "GitHub Web Flow",
        email: "noreply@github.com",
        siteAdmin: false,
        createdAt: hub.now(),
      }),
    )
  );
}

function ensureOwner(hub: Hub): Account {
  return (
    hub.store.accounts.findOne({ login: "github" }) ??
    hub.store.accounts.insert({
      login: "github",
      type: "Organization",
      name: "GitHub",
      email: null,
      siteAdmin: false,
      createdAt: hub.now(),
    })
  );
}

function insertActionsApp(hub: Hub, owner: Account): App {
  const now = hub.now();
  return hub.store.apps.insert({
    slug: actionsSlug,
    name: "GitHub Actions",
    ownerId: owner.id,
    botId: createBot(hub, actionsSlug).id,
    description: "Automate your workflow from idea to production",
    externalUrl: "https://help.github.com/en/actions",
    public: true,
    clientId: "Iv1.05c79e9ad1f6bdfa",
    clientSecret: "",
    publicKey: null,
    hook: { active: false, url: "", secret: null, contentType: "json", insecureSsl: "0" },
    permissions: { actions: "write", checks: "write", contents: "write", issues: "write", metadata: "read" },
    events: [],
    createdAt: now,
    updatedAt: now,
  });
}
