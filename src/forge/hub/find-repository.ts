import type { Account } from "./entity/account.ts";
import type { Repository } from "./entity/repository.ts";
import type { Hub } from "./hub.ts";

/** Logins and repository names are compared without regard to case, as GitHub does. */
export function findAccount(hub: Hub, login: string): Account | undefined {
  const exact = hub.store.accounts.findOne({ login });
  if (exact !== undefined) return exact;
  const folded = login.toLowerCase();
  return hub.store.accounts.find({}, { filter: (account) => account.login.toLowerCase() === folded })[0];
}

export function findRepository(hub: Hub, owner: string, name: string): Repository | undefined {
  const account = findAccount(hub, owner);
  if (account === undefined) return undefined;
  const exact = hub.store.repositories.findOne({ ownerId: account.id, name });
  if (exact !== undefined) return exact;
  const folded = name.toLowerCase();
  const owned = hub.store.repositories.find({ ownerId: account.id });
  return owned.find((repository) => repository.name.toLowerCase() === folded);
}

/** `owner/name`. */
export function fullName(hub: Hub, repository: Repository): string {
  return `${hub.store.accounts.require(repository.ownerId).login}/${repository.name}`;
}
