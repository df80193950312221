import type { Account } from "../../hub/entity/account.ts";
import type { Hub } from "../../hub/hub.ts";
import { nodeId } from "../../hub/node-id.ts";
import { apiUrl } from "./api-url.ts";

/** GitHub's "simple user": how people, organisations and bots appear inside everything else. */
export type PresentedAccount = ReturnType<typeof presentAccount>;

export function presentAccount(hub: Hub, account: Account) {
  const url = `${apiUrl(hub)}/users/${encodeURIComponent(account.login)}`;
  return {
    login: account.login,
    id: account.id,
    node_id: nodeId(account.type, account.id),
    avatar_url: `${hub.url}/avatars/${account.id}`,
    gravatar_id: "",
    url,
    html_url: accountWebUrl(hub, account),
    followers_url: `${url}/followers`,
    following_url: `${url}/following{/other_user}`,
    gists_url: `${url}/gists{/gist_id}`,
    starred_url: `${url}/starred{/owner}{/repo}`,
    subscriptions_url: `${url}/subscriptions`,
    organizations_url: `${url}/orgs`,
    repos_url: `${url}/repos`,
    events_url: `${url}/events{/privacy}`,
    received_events_url: `${url}/received_events`,
    type: account.type,
    user_view_type: "public",
    site_admin: account.siteAdmin,
  };
}

export function presentAccountById(hub: Hub, id: number): PresentedAccount;
export function presentAccountById(hub: Hub, id: number | null): PresentedAccount | null;
export function presentAccountById(hub: Hub, id: number | null): PresentedAccount | null {
  return id === null ? null : presentAccount(hub, hub.store.accounts.require(id));
}

/** Bots have the page of their App. */
function accountWebUrl(hub: Hub, account: Account): string {
  if (account.type === "Bot") return `${hub.url}/apps/${account.login.replace(/\[bot\]$/, "")}`;
  return `${hub.url}/${account.login}`;
}

/** The whole profile, as `GET /user` and `GET /users/{username}` give it. */
export function presentProfile(hub: Hub, account: Account) {
  const repositories = hub.store.repositories.find({ ownerId: account.id });
  return {
    ...presentAccount(hub, account),
    name: account.name,
    company: null,
    blog: "",
    location: null,
    email: account.email,
    hireable: null,
    bio: null,
    twitter_username: null,
    public_repos: repositories.filter((repository) => !repository.private).length,
    public_gists: 0,
    followers: 0,
    following: 0,
    created_at: account.createdAt,
    updated_at: account.createdAt,
  };
}

/** Organisations in webhook payloads. */
export function presentOrganization(hub: Hub, organization: Account) {
  const url = `${apiUrl(hub)}/orgs/${organization.login}`;
  return {
    login: organization.login,
    id: organization.id,
    node_id: nodeId("Organization", organization.id),
    url,
    repos_url: `${url}/repos`,
    events_url: `${url}/events`,
    hooks_url: `${url}/hooks`,
    issues_url: `${url}/issues`,
    members_url: `${url}/members{/member}`,
    public_members_url: `${url}/public_members{/member}`,
    avatar_url: `${hub.url}/avatars/${organization.id}`,
    description: null,
  };
}
