import type { Account } from "../entity/account.ts";
import { findAccount } from "../find-repository.ts";
import type { Hub } from "../hub.ts";

export interface NewAccount {
  login: string;
  name?: string;
  email?: string;
  siteAdmin?: boolean;
}

const loginPattern = /^[a-z\d](?:[a-z\d]|-(?=[a-z\d])){0,38}$/i;

export function createUser(hub: Hub, user: NewAccount): Account {
  return insertAccount(hub, user, "User");
}

export function createOrganization(hub: Hub, organization: NewAccount): Account {
  return insertAccount(hub, organization, "Organization");
}

function insertAccount(hub: Hub, account: NewAccount, type: "User" | "Organization"): Account {
  if (!loginPattern.test(account.login)) throw new Error(`'${account.login}' is not a valid login`);
  return hub.change(() => {
    if (findAccount(hub, account.login) !== undefined) {
      throw new Error(`The login '${account.login}' is taken`);
    }
    return hub.store.accounts.insert({
      login: account.login,
      type,
      name: account.name ?? null,
      email: account.email ?? null,
      siteAdmin: account.siteAdmin ?? false,
      createdAt: hub.now(),
    });
  });
}

/** Bots are named after their App; the brackets keep the login out of reach of people. */
export function createBot(hub: Hub, slug: string): Account {
  return hub.store.accounts.insert({
    login: `${slug}[bot]`,
    type: "Bot",
    name: null,
    email: null,
    siteAdmin: false,
    createdAt: hub.now(),
  });
}

export function addMember(
  hub: Hub,
  { organization, user, role }: { organization: Account; user: Account; role: "admin" | "member" },
): void {
  hub.change(() => {
    const membership = hub.store.memberships.findOne({ organizationId: organization.id, userId: user.id });
    if (membership === undefined) {
      hub.store.memberships.insert({ organizationId: organization.id, userId: user.id, role });
    } else {
      hub.store.memberships.update(membership.id, { role });
    }
  });
}
